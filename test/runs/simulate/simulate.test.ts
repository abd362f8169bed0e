import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type ProgressEvent,
  planSimulation,
  type SimulateOptions,
  type SimulationResult,
  simulate,
  WinnowError,
} from '../../../src/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { labeledRecords, smallSimulation, writeLabeled } from './simulation-lab.ts';

const folder = temporaryFolder();
const small = (more: Partial<SimulateOptions> = {}) => smallSimulation(folder, more);

/** What does not depend on when and how often it is run. */
function lasting({ elapsedMs: _, spentMicroUsd: __, ...result }: SimulationResult) {
  return result;
}

function pickedBy(result: SimulationResult, arm: string, budget: number, seed: number): readonly string[] {
  return result.cells.find((cell) => cell.arm === arm && cell.budget === budget && cell.seed === seed)!.picked;
}

describe('simulate', () => {
  it('makes a cell of every arm, budget and seed, and says what the data is', async () => {
    const result = await simulate(small());
    expect(result).toMatchObject({
      data: { records: 60, labeled: 60, pool: 48, heldOut: 12, categoryField: 'category', categories: 5 },
      budgets: [5, 10],
      seeds: [0, 1],
      trainer: 'retrieval',
      embeddings: 'minilm',
      missing: [],
      end: 'complete',
      spentMicroUsd: 0,
    });
    expect(result.arms.map(({ name, sawResponses, asksLlm }) => [name, sawResponses, asksLlm])).toEqual([
      ['random', false, false],
      ['k-center', false, false],
    ]);
    expect(result.cells).toHaveLength(8);
    for (const { budget, picked } of result.cells) expect(new Set(picked).size).toBe(budget);
  });

  it('gives all arms of a seed the same pool, and other seeds another', async () => {
    const arms = ['random', 'k-means', 'length', 'facility-location'];
    const result = await simulate(small({ strategies: arms, budgets: [48] }));
    const pools = (seed: number) => arms.map((arm) => [...pickedBy(result, arm, 48, seed)].sort());
    for (const seed of [0, 1]) for (const pool of pools(seed)) expect(pool).toEqual(pools(seed)[0]);
    expect(pools(0)[0]).not.toEqual(pools(1)[0]);
  });

  it('gives the same result again, with any stored cells', async () => {
    const state = folder.file('again.db');
    const first = await simulate(small({ state }));
    expect(lasting(await simulate(small({ state })))).toEqual(lasting(first));
    expect(lasting(await simulate(small()))).toEqual(lasting(first));
  });

  it('makes only the cells that are not there when an arm, a budget or a seed is added', async () => {
    const state = folder.file('more.db');
    const before = await simulate(small({ state }));
    const events: ProgressEvent[] = [];
    const more = { strategies: ['random', 'k-center', 'length'], budgets: [5, 10, 20], seeds: [0, 1, 2] };
    const after = await simulate(small({ ...more, state, onProgress: (event) => events.push(event) }));
    const cells = events.filter(({ phase }) => phase === 'simulate');
    expect(cells[0]).toMatchObject({ done: 8, total: 27 });
    expect(cells).toHaveLength(1 + 27 - 8);
    for (const cell of before.cells) expect(after.cells).toContainEqual(cell);
    expect(lasting(await simulate(small(more)))).toEqual(lasting(after));
  });

  it('embeds nothing and chooses nothing where all cells are there', async () => {
    const state = folder.file('all.db');
    await simulate(small({ state }));
    const phases = new Set<string>();
    await simulate(small({ state, onProgress: ({ phase }) => phases.add(phase) }));
    expect(phases).toEqual(new Set(['read', 'simulate']));
  });

  it('serves smaller budgets from one selection where they are its first picks', async () => {
    const result = await simulate(small({ strategies: ['k-center', 'random'], budgets: [10, 3] }));
    expect(result.budgets).toEqual([3, 10]);
    for (const arm of ['k-center', 'random']) {
      expect(pickedBy(result, arm, 10, 0).slice(0, 3)).toEqual(pickedBy(result, arm, 3, 0));
    }
  });

  it('gives a smaller pool where a sample is asked for, out of what is not held out', async () => {
    const all = await simulate(small({ strategies: ['random'], budgets: [48] }));
    const sampled = await simulate(small({ strategies: ['random'], budgets: [20], sample: 20 }));
    expect(sampled.data).toMatchObject({ pool: 20, heldOut: 12 });
    const pool = new Set(pickedBy(all, 'random', 48, 0));
    for (const id of pickedBy(sampled, 'random', 20, 0)) expect(pool.has(id)).toBe(true);
  });

  it('leaves out what has no response and says how many', async () => {
    const records = labeledRecords(40).map((record, index) => {
      const { output, reviewed: _, ...without } = record;
      return index < 10 ? without : { ...without, output: output! };
    });
    const labeled = writeLabeled(folder, 'partly.jsonl', records);
    const result = await simulate(small({ labeled, budgets: [5] }));
    expect(result.data).toMatchObject({ records: 40, labeled: 30, pool: 24, heldOut: 6 });
    expect(result.notes.join()).toContain('10 instructions have no response');
    expect(result.notes.join()).toContain('6 instructions are held out, a fifth of all, not 500');
  });

  it('says in the words for one that one is left out or held out', async () => {
    const [first, ...others] = labeledRecords(8).map(({ reviewed: _, ...record }) => record);
    const { output: __, ...unlabeled } = first!;
    const labeled = writeLabeled(folder, 'eight.jsonl', [unlabeled, ...others]);
    const { notes } = await simulate(small({ labeled, budgets: [2], seeds: [0], strategies: ['random'] }));
    expect(notes.join()).toContain('1 instruction has no response; left out.');
    expect(notes.join()).toContain('1 instruction is held out, a fifth of all');
  });

  it('refuses what cannot be meant, and says what to do', async () => {
    const unlabeled = labeledRecords(8).map(({ id, instruction }) => ({ id, instruction }));
    const wrong: [Partial<SimulateOptions>, string][] = [
      [{ budgets: [5, 49] }, 'budgets: 49 is more than the pool has: of 60 labeled instructions 12 are held out'],
      [{ budgets: [21], sample: 20 }, 'sample takes 20 of the other 48'],
      [{ budgets: [] }, 'budgets'],
      [{ budgets: [5, 5] }, 'budgets names 5 twice'],
      [{ seeds: [0.5] }, 'seeds'],
      [{ heldOut: 0 }, 'heldOut'],
      [{ sample: -1 }, 'sample'],
      [{ strategies: [] }, 'No strategy'],
      [{ strategies: ['magic'] }, 'no strategy "magic"'],
      [{ strategies: ['random', 'random'] }, 'the same arm twice'],
      [{ strategies: ['length:prefer=odd'] }, 'strategies: "length:prefer=odd"'],
      [{ strategies: ['alpagasus:scoreField=output'] }, 'is the response itself'],
      [{ strategies: ['alpagasus:scoreField=wort'] }, 'No record has a field "wort"'],
      [{ categoryField: 'nowhere' }, '"nowhere"'],
      [{ dedupeThreshold: 2 }, 'dedupeThreshold'],
      [{ provider: 'openai', strategies: ['selectllm'] }, 'needs model'],
      [{ trainer: { kind: 'command', command: ' ' } }, 'trainer.command'],
      [{ trainer: { kind: 'command', command: 'x' }, maxMicroUsd: 1 }, 'maxMicroUsd is a limit'],
      [{ labeled: writeLabeled(folder, 'unlabeled.jsonl', unlabeled) }, 'None of the 8 instructions has a response'],
      [{ labeled: writeLabeled(folder, 'few.jsonl', labeledRecords(4)) }, '4 distinct instructions'],
    ];
    for (const [options, words] of wrong) {
      const failure = await simulate(small(options)).catch((error: unknown) => error);
      expect(failure, words).toBeInstanceOf(WinnowError);
      expect((failure as WinnowError).message).toContain(words);
    }
  });

  it('says why a cell cannot be made instead of passing off fewer picks as a whole selection', async () => {
    const scored = ['alpagasus:scoreField=worth:threshold=800', 'random'];
    const result = await simulate(small({ strategies: scored, budgets: [2, 40], seeds: [0] }));
    expect(result.end).toBe('complete');
    expect(result.missing).toEqual([
      { arm: scored[0], budget: 40, seed: 0, because: expect.stringMatching(/only \d+ of 48 are rated 800 or better/) },
    ]);
    // What the largest budget lacks, a smaller one may have.
    expect(pickedBy(result, scored[0]!, 2, 0)).toHaveLength(2);
  });

  it('counts near-duplicates as one, and says so where too few are left', async () => {
    const records = labeledRecords(60).map((record, index) => ({
      ...record,
      instruction: index < 50 ? `Explain how bread is baked${'!'.repeat(1 + index)}` : record.instruction,
    }));
    const labeled = writeLabeled(folder, 'alike.jsonl', records);
    const result = await simulate(small({ labeled, budgets: [40], dedupeThreshold: 0.8, seeds: [0] }));
    expect(result.cells).toEqual([]);
    expect(result.missing[0]!.because).toMatch(/only \d+ can be chosen: \d+ are near-duplicates/);
  });

  it('stops when it is told to, and keeps what there is', async () => {
    const state = folder.file('stopped.db');
    const controller = new AbortController();
    const stopped = await simulate(
      small({
        state,
        signal: controller.signal,
        onProgress: ({ phase, done }) => {
          if (phase === 'simulate' && done === 2) controller.abort(new Error('told to'));
        },
      }),
    );
    expect(stopped.end).toBe('interrupt');
    expect(stopped.cells).toHaveLength(2);
    expect(stopped.missing).toHaveLength(6);
    expect(stopped.missing[0]!.because).toBe('told to');
    expect(lasting(await simulate(small({ state })))).toEqual(lasting(await simulate(small())));
  });

  it.each<[string, Partial<SimulateOptions>, Partial<SimulateOptions>]>([
    ['another number held out', { heldOut: 12 }, { heldOut: 6 }],
    ['another sample', { sample: 30 }, { sample: 40 }],
    ['other near-duplicates', { dedupeThreshold: 0 }, { dedupeThreshold: 0.7 }],
    ['other categories', {}, { categoryField: 'worth' }],
  ])('makes cells of their own for %s, in the same state', async (_, one, other) => {
    const state = folder.file(`${JSON.stringify(other).replace(/\W/g, '')}.db`);
    const strategies = ['k-center', 'selectllm:itemsPerQuery=6'];
    const [first, second] = [small({ ...one, strategies }), small({ ...other, strategies })];
    await simulate({ ...first, state });
    const changed = lasting(await simulate({ ...second, state }));
    expect(changed).toEqual(lasting(await simulate(second)));
    expect(changed.cells).not.toEqual((await simulate({ ...first, state })).cells);
  });

  it('refuses a state file of other data', async () => {
    const state = folder.file('other.db');
    await simulate(small({ state, seeds: [0] }));
    const labeled = writeLabeled(
      folder,
      'other.jsonl',
      labeledRecords(60, (index) => `another ${index}`),
    );
    await expect(simulate(small({ labeled, state }))).rejects.toMatchObject({ code: 'STATE_MISMATCH' });
  });
});

describe('planSimulation', () => {
  it('says what there is to do, for nothing, and leaves no trace', async () => {
    const state = folder.file('planned.db');
    const plan = await planSimulation(small({ state, strategies: ['random', 'selectllm'] }));
    expect(existsSync(state)).toBe(false);
    expect(plan.arms.map(({ arm, cells, cellsMade }) => [arm.name, cells, cellsMade])).toEqual([
      ['random', 4, 0],
      ['selectllm', 4, 0],
    ]);
    expect(plan).toMatchObject({ provider: 'offline', embedding: null, total: { costMicroUsd: { worstCase: 0 } } });
  });
});
