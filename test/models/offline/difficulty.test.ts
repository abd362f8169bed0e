import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spearman } from '../../../src/math/rank-correlation.ts';
import { appraise } from '../../../src/models/offline/appraise.ts';

const FILE = new URL('../../../../shared/data/wizardlm-difficulty.jsonl', import.meta.url);
const absent = !existsSync(FILE);
if (absent) process.stderr.write(`Skipped: the difficulty labels are not at ${FILE.pathname}.\n`);

describe.skipIf(absent)('against 218 instructions labeled with their difficulty', () => {
  const rows = absent
    ? []
    : readFileSync(FILE, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { instruction: string; difficulty: number });
  const difficulty = rows.map((row) => row.difficulty);
  const values = rows.map((row) => appraise(row).value);

  // No weight is fitted to these rows, so there is nothing to cross-validate.
  it('the value correlates with the label by 0.5 and more', () => {
    expect(spearman(values, difficulty)).toBeGreaterThanOrEqual(0.5);
  });

  it('the value says clearly more than the length', () => {
    const lengths = rows.map((row) => row.instruction.length);
    expect(spearman(values, difficulty)).toBeGreaterThan(spearman(lengths, difficulty) + 0.1);
  });

  it('hardly any of them is taken for junk', () => {
    expect(rows.filter((row) => appraise(row).clarity.value < 0.5).length).toBeLessThanOrEqual(2);
  });
});
