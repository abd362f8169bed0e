import { expect, it } from 'vitest';
import { scorePool, scoreRecord, simulate } from '../../../src/index.ts';
import { readPool } from '../../../src/records/read-pool.ts';
import { hideResponse } from '../../../src/runs/simulate/hide-response.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { HIDDEN, type LabeledRecord, labeledRecords, smallSimulation, writeLabeled } from './simulation-lab.ts';

const folder = temporaryFolder();
const BY_SCORE = 'alpagasus:scoreField=winnow.score:threshold=0';

/** Labeled records as `winnow score` writes them; responses of different lengths, so that scores differ. */
async function scored(name: string) {
  const respond = (index: number) => 'Because of what is known, and then some more. '.repeat(1 + (index % 7));
  const pool = writeLabeled(folder, `${name}-unscored.jsonl`, labeledRecords(60, respond));
  const { records } = await scorePool({ pool, state: ':memory:', cacheFolder: folder.file('cache') });
  const written = records.map(scoreRecord) as (LabeledRecord & { winnow: { score: number } })[];
  return { written, labeled: writeLabeled(folder, `${name}.jsonl`, written) };
}

it('simulates by the scores that winnow score wrote', async () => {
  const { written, labeled } = await scored('scored');
  const scores = new Map(written.map(({ id, winnow }) => [id, winnow.score]));
  const strategies = [BY_SCORE, 'random'];
  const result = await simulate({ ...smallSimulation(folder), labeled, strategies, budgets: [6, 48], seeds: [0] });
  expect(result.missing).toEqual([]);
  const picked = (arm: string, budget: number) =>
    result.cells.find((cell) => cell.arm === arm && cell.budget === budget)!.picked.map((id) => scores.get(id)!);
  const bestFirst = picked('random', 48).sort((a, b) => b - a);
  expect(new Set(bestFirst).size).toBeGreaterThan(6);
  expect(picked(BY_SCORE, 6)).toEqual(bestFirst.slice(0, 6));
  expect(result.arms[0]!.sawResponses).toBe(false);
});

it('chooses again where a score was changed, and not where anything else was', async () => {
  const { written } = await scored('rescored');
  const state = folder.file('rescored.db');
  const picks = async (change: (winnow: { score: number }, index: number) => object) => {
    const records = written.map((record, index) => ({ ...record, winnow: change(record.winnow, index) }));
    const labeled = writeLabeled(folder, 'changed.jsonl', records);
    const phases = new Set<string>();
    const onProgress = ({ phase }: { phase: string }) => phases.add(phase);
    const options = { ...smallSimulation(folder), labeled, state, strategies: [BY_SCORE], onProgress };
    const { cells } = await simulate(options);
    return { picked: cells.map(({ picked }) => picked), isStored: !phases.has('embed') };
  };
  const first = await picks((winnow) => winnow);
  expect(first.isStored).toBe(false);
  expect(await picks((winnow) => ({ ...winnow, reason: 'another' }))).toEqual({ ...first, isStored: true });
  expect((await picks((_, index) => ({ score: index }))).picked).not.toEqual(first.picked);
});

it('refuses a score that is the response, however deep it stands', async () => {
  const options = { ...smallSimulation(folder), strategies: ['alpagasus:scoreField=reviewed.text'] };
  await expect(simulate(options)).rejects.toThrow('"reviewed.text" is the response itself');
  const some = labeledRecords(60).map(({ reviewed, ...record }, index) => ({
    ...record,
    ...(index % 2 === 0 ? { reviewed } : {}),
  }));
  const labeled = writeLabeled(folder, 'half-reviewed.jsonl', some as LabeledRecord[]);
  await expect(simulate({ ...options, labeled })).rejects.toThrow('is the response itself');
});

it('shows of a record nothing but the score itself', async () => {
  const record = { instruction: 'Sing.', output: HIDDEN, winnow: { score: 4, reason: HIDDEN, previous: { score: 1 } } };
  const { instructions } = await readPool([folder.write('one.jsonl', `${JSON.stringify(record)}\n`)]);
  expect(hideResponse(instructions[0]!, 'winnow.score').record).toEqual({ 'winnow.score': 4 });
  expect(hideResponse(instructions[0]!, 'winnow').record).toEqual({});
  expect(hideResponse(instructions[0]!, 'winnow.previous.score').record).toEqual({ 'winnow.previous.score': 1 });
});
