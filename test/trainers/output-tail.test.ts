import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastJsonObject, outputTail, shownLines } from '../../src/trainers/output-tail.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const path = folder.file('stdout.log');
const anyText = fc.string({ unit: 'binary' });

async function tailOf(output: string | Uint8Array): Promise<string[]> {
  writeFileSync(path, output);
  return outputTail(path);
}

describe('outputTail', () => {
  it('finds the last JSON object as it was printed, among other output', async () => {
    // Not one that is JSON itself, nor one that swallows what follows as an escape sequence does.
    const noise = fc.array(anyText.filter((text) => !['{', '\u001b', '\u009b'].some((mark) => text.includes(mark))));
    const object = fc.dictionary(anyText, fc.oneof(anyText, fc.integer(), fc.boolean())).map((value) => ({ ...value }));
    await fc.assert(
      fc.asyncProperty(noise, object, noise, async (before, value, after) => {
        const printed = JSON.stringify(value);
        const lines = await tailOf([...before, '{"model": "earlier"}', printed, ...after].join('\n'));
        expect(lastJsonObject(lines)).toEqual(JSON.parse(printed));
      }),
    );
  });

  it('shows lines without control characters or hidden text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText), fc.integer({ min: 1, max: 8 }), async (lines, count) => {
        const shown = shownLines(await tailOf(lines.join('\n')), count);
        expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
        expect(shown.split('\n').length).toBeLessThanOrEqual(count);
      }),
    );
  });

  it('leaves out a line whose start it did not read', async () => {
    const lines = await tailOf(`${'x'.repeat(3 * 2 ** 20)}\nlast\n`);
    expect(lines.filter((line) => line !== '')).toEqual(['last']);
  });

  it('shows the end of an endless line', async () => {
    const [line] = await tailOf('x'.repeat(3 * 2 ** 20));
    expect(line).toHaveLength(2 ** 20);
  });

  it('has no lines if there is no file', async () => {
    await expect(outputTail(folder.file('no-such.log'))).resolves.toEqual([]);
  });
});
