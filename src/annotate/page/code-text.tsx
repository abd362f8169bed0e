import { common, createLowlight } from 'lowlight';
import type { ComponentChildren } from 'preact';

/** Longer code is shown without colors: to color it would take too long. */
const MOST_COLORED = 20_000;

const lowlight = createLowlight(common);

type Colored = ReturnType<typeof lowlight.highlight>['children'][number];

/**
 * Code with the colors of its language, character by character the same. Code in a language that is not known, or of none,
 * has no colors. Made of text nodes and spans, so that nothing in it can run.
 */
export function coloredCode(code: string, language: string): ComponentChildren {
  if (code.length > MOST_COLORED || !lowlight.registered(language)) return code;
  return lowlight.highlight(language, code).children.map(colored);
}

function colored(node: Colored): ComponentChildren {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return null;
  const names = node.properties.className;
  return <span class={Array.isArray(names) ? names.join(' ') : ''}>{node.children.map(colored)}</span>;
}
