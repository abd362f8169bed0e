import { type ComponentChildren, isValidElement, type VNode } from 'preact';
import { expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/annotate/page/markdown.tsx';

/** The visible text. */
function readable(children: ComponentChildren): string {
  if (Array.isArray(children)) return children.map(readable).join('');
  if (isValidElement(children)) {
    const { type, props } = children as VNode<{ children?: ComponentChildren }>;
    return type === 'br' ? '\n' : readable(props.children);
  }
  return typeof children === 'string' ? children : '';
}

it('keeps the indentation of code that is not fenced', () => {
  const code = 'def common(a, b):\n    result = []\n    for x in a:\n\tif x in b:\n        result.append(x)';
  expect(readable(renderMarkdown(code))).toBe(code);
});
