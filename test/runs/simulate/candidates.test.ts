import { expect, it } from 'vitest';
import { simulate } from '../../../src/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { labeledRecords, smallSimulation, writeLabeled } from './simulation-lab.ts';

const folder = temporaryFolder();

const ANSWERS = ['Boats float on rivers.', 'Prime numbers have two divisors.', 'Bake it until it is brown.'] as const;

/** The embedder knows no case, so these are the same to it, and to nothing else. */
const SPELLINGS = [
  (text: string) => text.toUpperCase(),
  (text: string) => text.toLowerCase(),
  (text: string) => text.replace('number', 'NUMBER'),
] as const;

/** Sixty records, ten instructions of them spelled in four ways, each with a response of another kind. */
const RECORDS = labeledRecords(60, (index) => `${ANSWERS[index % 3]} `.repeat(8)).map((record, index, all) =>
  index < 30
    ? { ...record, instruction: SPELLINGS[Math.floor(index / 10)]!(all[30 + (index % 10)]!.instruction) }
    : record,
);
/** By id: which records have one instruction. */
const GROUPS = new Map(RECORDS.map(({ id }, index) => [id, index < 30 ? 30 + (index % 10) : index]));

it('gives all arms of a seed the same candidates, also those that cluster responses', async () => {
  const labeled = writeLabeled(folder, 'copies.jsonl', RECORDS);
  const strategies = ['random', 'k-center', 'length', 'car', 'alpagasus:threshold=0'];
  const options = { ...smallSimulation(folder), labeled, strategies, dedupeThreshold: 0.999 };
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

it('takes of near-duplicates the best, as a selection from an unlabeled pool does', async () => {
  const worths = new Map(RECORDS.map(({ id, worth }) => [id, worth as number]));
  const labeled = writeLabeled(folder, 'worths.jsonl', RECORDS);
  const strategies = ['alpagasus:scoreField=worth:threshold=0', 'random'];
  const options = { ...smallSimulation(folder), labeled, strategies, dedupeThreshold: 0.999, seeds: [0] };
  const all = await simulate({ ...options, budgets: [48], strategies: ['random'], dedupeThreshold: 0 });
  const pool = [...GROUPS.keys()].filter((id) => all.cells[0]!.picked.includes(id));
  const { cells } = await simulate({ ...options, budgets: [12] });
  const [byWorth, anyhow] = cells.map(({ picked }) => picked);
  const bestOf = (group: number) =>
    Math.max(...pool.filter((id) => GROUPS.get(id) === group).map((id) => worths.get(id)!));
  for (const id of byWorth!) expect(worths.get(id)).toBe(bestOf(GROUPS.get(id)!));
  // A strategy without scores takes the first.
  for (const id of anyhow!) expect(pool.find((other) => GROUPS.get(other) === GROUPS.get(id))).toBe(id);
});
