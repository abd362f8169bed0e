import { expect, it } from 'vitest';
import { simulate } from '../../src/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { labeledRecords, smallSimulation, writeLabeled } from './simulation-lab.ts';

const folder = temporaryFolder();

const ANSWERS = ['Boats float on rivers.', 'Prime numbers have two divisors.', 'Bake it until it is brown.'] as const;

/** Sixty records, thirty of them ten instructions three times over, each time with a response of another kind. */
const RECORDS = labeledRecords(60, (index) => `${ANSWERS[index % 3]} `.repeat(8)).map((record, index, all) =>
  index < 30
    ? { ...record, instruction: `${all[30 + (index % 10)]!.instruction}${'.'.repeat(1 + index / 10)}` }
    : record,
);
/** By id: which records have one instruction. */
const GROUPS = new Map(RECORDS.map(({ id }, index) => [id, index < 30 ? 30 + (index % 10) : index]));

it('gives all arms of a seed the same candidates, also those that cluster responses', async () => {
  const labeled = writeLabeled(folder, 'copies.jsonl', RECORDS);
  const strategies = ['random', 'k-center', 'length', 'car', 'alpagasus:threshold=0'];
  const options = { ...smallSimulation(folder), labeled, strategies, dedupeThreshold: 0.95 };
  const { missing } = await simulate({ ...options, budgets: [48] });
  for (const seed of [0, 1]) {
    const reasons = new Set(missing.filter((cell) => cell.seed === seed).map(({ because }) => because));
    expect(reasons.size).toBe(1);
    const count = Number(/only (\d+) can be chosen/.exec([...reasons][0]!)![1]);
    expect(count).toBeLessThan(40);
    const { cells } = await simulate({ ...options, budgets: [count], seeds: [seed] });
    expect(cells).toHaveLength(strategies.length);
    const groups = cells.map(({ picked }) => picked.map((id) => GROUPS.get(id)!).sort());
    for (const chosen of groups) {
      expect(chosen).toEqual(groups[0]);
      expect(new Set(chosen).size).toBe(count);
    }
  }
});
