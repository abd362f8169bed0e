import { BRIDGES } from '../../labels/registry.ts';
import { colors } from './colors.ts';

/** How to label what was exported: in the browser if no tool is set up, and with the tool or file itself. */
export function renderSetup(tool: string, annotateLine: string): string {
  const { isPlain, setup } = BRIDGES.find(tool);
  const here = isPlain
    ? `Annotate in the browser: ${colors.bold(annotateLine)}. Or use a file or another tool:\n\n`
    : '';
  return `\n${here}${asParagraphs(setup.trimEnd())}\n`;
}

/** A numbered step on one line, to be broken as wide as the terminal is; code stays as it is. */
function asParagraphs(setup: string): string {
  return setup.replace(/^\d\. .*(?:\n {3}[a-z].*)+/gm, (step) => step.replace(/\n {3}/g, ' '));
}
