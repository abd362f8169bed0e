import { describe, expect, it } from 'vitest';
import { renderSetup } from '../../../src/cli/output/render-step.ts';
import { BRIDGES } from '../../../src/labels/registry.ts';

describe('how a tool is set up', () => {
  it('begins with the page in the browser where the file needs no tool, and only there', () => {
    const first = 'Annotate in the browser: winnow annotate -C there. Or use a file or another tool:';
    for (const tool of BRIDGES.names) {
      const isPlain = tool === 'jsonl' || tool === 'csv';
      expect(renderSetup(tool, 'winnow annotate -C there').includes(first), tool).toBe(isPlain);
    }
  });

  it('has every sentence of a step on one line, to be broken as wide as the terminal is', () => {
    const shown = renderSetup('jsonl', 'winnow annotate');
    expect(shown).toMatch(/^1\. For each item .* not good enough; copy it and correct the copy\.$/m);
    expect(shown).toMatch(/^ {3}Empty with a response means accept\.$/m);
  });

  it.each(BRIDGES.names)('leaves code as it is and takes no word away, for %s', (tool) => {
    const { setup } = BRIDGES.find(tool);
    const shown = renderSetup(tool, 'winnow annotate');
    const words = (text: string) => text.split(/\s+/).filter(Boolean).join(' ');
    expect(words(shown)).toContain(words(setup));
    const code = [...setup.matchAll(/\n\n((?:[ <].*\n)+)\n?/g)].map(([, block]) => block!.trimEnd());
    for (const block of code) expect(shown).toContain(block);
    expect(code.length > 0).toBe(['label-studio', 'argilla', 'prodigy'].includes(tool));
  });
});
