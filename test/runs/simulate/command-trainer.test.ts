import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type CommandTrainerChoice, planSimulation, type SimulateOptions, simulate } from '../../../src/index.ts';
import type { ChatAnswerer } from '../../support/chat-answers.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { HIDDEN, labeledRecords, smallSimulation, writeLabeled } from './simulation-lab.ts';

const folder = temporaryFolder();
const quoted = (path: string) => `'${path}'`;

let server: ProviderServer | undefined;
afterEach(() => server?.close());

/** Trainings that write down what they got, of a model whose server answers as told: 4 cells, 12 answers each. */
async function withCommand(
  name: string,
  chat: ChatAnswerer,
  trainer: Partial<CommandTrainerChoice> = {},
): Promise<{ options: SimulateOptions; lines(): string[] }> {
  server = await startOpenAiServer({ chat });
  const log = folder.file(`${name}.log`);
  const command =
    `echo "$WINNOW_SEED $(grep -c '"prompt"' "$WINNOW_TRAINING_FILE") $(wc -c <"$WINNOW_HELD_OUT_FILE") ` +
    `$(grep -c ${HIDDEN} "$WINNOW_TRAINING_FILE")" >>${quoted(log)}; echo '{"model":"seed","costUsd":0.25}'`;
  return {
    lines: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    options: {
      ...smallSimulation(folder),
      state: folder.file(`${name}.db`),
      strategies: ['random', 'k-center'],
      budgets: [3],
      environment: { PATH: process.env.PATH },
      timeoutMs: 30_000,
      trainer: {
        kind: 'command',
        command,
        format: 'prompt-completion',
        baseUrl: `${server.url}/v1`,
        worstCaseMicroUsd: 1_000_000,
        ...trainer,
      },
    },
  };
}

describe('a simulation with a trainer of the user', () => {
  it('trains once a cell on the revealed responses alone, asks the model, and does neither again', async () => {
    const { options, lines } = await withCommand('trained', ({ text }) => ({ text: `${text.length}` }));
    const result = await simulate(options);
    expect(result).toMatchObject({ end: 'complete', missing: [], spentMicroUsd: 4 * 250_000 });
    // Seed, examples, bytes of the held-out file, examples with a response.
    expect(lines().sort()).toEqual(['0 3 0 3', '0 3 0 3', '1 3 0 3', '1 3 0 3']);
    expect(server!.requests).toHaveLength(4 * 12);
    expect(result.trainer).toContain('WINNOW_TRAINING_FILE');
    expect((await simulate(options)).cells).toEqual(result.cells);
    await simulate({ ...options, strategies: ['random'], budgets: [3, 4], seeds: [0] });
    expect(lines()).toHaveLength(5);
    expect(server!.requests).toHaveLength(5 * 12);
  });

  it('trains again where only the seed differs, because it may change the result', async () => {
    const { options, lines } = await withCommand('seeded', () => ({ text: 'an answer' }));
    // Of five records one is held out: of six seeds at least two train on the same four in the same order.
    const labeled = writeLabeled(folder, 'five.jsonl', labeledRecords(5));
    const seeds = [0, 1, 2, 3, 4, 5];
    const result = await simulate({ ...options, labeled, strategies: ['length'], budgets: [4], seeds });
    const chosen = result.cells.map(({ picked }) => picked.join());
    expect(new Set(chosen).size).toBeLessThan(seeds.length);
    expect(lines().map((line) => line[0])).toEqual(seeds.map(String));
  });

  it('is held to the cap on money, trainings and answers together, and goes on with more', async () => {
    const { options, lines } = await withCommand('capped', () => ({ text: 'an answer' }));
    const capped = await simulate({ ...options, maxMicroUsd: 1_600_000 });
    expect(capped.end).toBe('budget');
    // Three trainings of 0.25 fit beside the worst case of a further one, 1.00; the fourth would not.
    expect(lines()).toHaveLength(3);
    expect(capped.missing[0]!.because).toContain('$0.75 of $1.60 is spent or set aside');
    expect(await simulate(options)).toMatchObject({ end: 'complete', missing: [] });
    expect(lines()).toHaveLength(4);
  });

  it('says before what trainings and answers will take', async () => {
    const price = { input: 1_000_000, cachedInput: 1_000_000, output: 2_000_000 };
    const { options } = await withCommand('planned', () => ({ text: 'an answer' }), { price, maxOutputTokens: 10 });
    const plan = await planSimulation(options);
    expect(plan.trainings).toEqual({ count: 4, costMicroUsd: { expected: 4_000_000, worstCase: 4_000_000 } });
    expect(plan.answering.calls).toEqual({ expected: 48, worstCase: 48 });
    expect(plan.total.costMicroUsd.worstCase).toBe(4_000_000 + plan.answering.costMicroUsd.worstCase);
    const { spentMicroUsd } = await simulate(options);
    expect(spentMicroUsd).toBeLessThanOrEqual(plan.total.costMicroUsd.worstCase);
  });

  it('counts an instruction the model cannot read as not answered, and says so', async () => {
    const { options } = await withCommand('short-sighted', () => ({ text: 'an answer' }), {
      contextTokens: 20,
      maxOutputTokens: 10,
    });
    const { cells, notes } = await simulate(options);
    expect(notes.join()).toContain('longer than its model can read count as not answered');
    expect(server!.requests.length).toBeLessThan(48);
    for (const { metrics } of cells) expect(metrics.cosine).toBeLessThan(0.9);
  });

  it('ends where a training fails, is not tried again by itself, and goes on once it works', async () => {
    const flag = folder.file('works');
    const { options } = await withCommand('failing', () => ({ text: 'an answer' }), {
      command: `test -e ${quoted(flag)} && echo '{"model":"seed","costUsd":0}'`,
    });
    await expect(simulate(options)).rejects.toMatchObject({ code: 'TRAINING_FAILED' });
    expect(server!.requests).toHaveLength(0);
    folder.write('works', '');
    expect(await simulate(options)).toMatchObject({ end: 'complete', spentMicroUsd: 1_000_000 });
  });

  it('says when the address of the model is not known', async () => {
    const { options } = await withCommand('unserved', () => ({ text: 'an answer' }));
    const { baseUrl: _, ...trainer } = options.trainer as CommandTrainerChoice;
    await expect(simulate({ ...options, trainer })).rejects.toThrow('its address is not known');
  });
});
