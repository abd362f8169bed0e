import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BudgetExceededError, InterruptedError, ProviderError } from '../../../../src/domain/errors.ts';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import type { ChooseTask, LlmClient, LlmReply, LlmRequest } from '../../../../src/models/providers/llm-client.ts';
import { selectLlmStrategy } from '../../../../src/selection/strategies/select-llm/select-llm.ts';
import type { StrategyContext } from '../../../../src/selection/strategies/strategy.ts';
import { normalizeOptions } from '../../../../src/selection/strategies/strategy-options.ts';
import type { SqliteJournal } from '../../../../src/store/sqlite-journal.ts';
import { instructionsOf, randomRows, strategyContext } from '../../../../src/testing/strategy-context.ts';

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

type Answerer = (task: ChooseTask, call: number) => string | Error;

/** An LLM with scripted answers that counts its calls. */
function scripted(answer: Answerer): LlmClient & { calls: number } {
  const client = {
    provider: 'openai',
    model: 'scripted',
    endpoint: 'local',
    calls: 0,
    async complete({ task }: LlmRequest): Promise<LlmReply> {
      if (task.kind !== 'choose') throw new Error('Only choices are scripted.');
      client.calls += 1;
      const text = answer(task, client.calls);
      if (text instanceof Error) throw text;
      return { text, model: 'scripted-1', stop: 'complete' };
    },
  };
  return client;
}

/** Chooses by the number in the instruction, the highest first. */
const highest: Answerer = ({ candidates, count }) => {
  const numberIn = (text: string) => Number(/number (\d+)/.exec(text)![1]);
  const best = [...candidates].sort((a, b) => numberIn(b.instruction) - numberIn(a.instruction)).slice(0, count);
  return JSON.stringify({ choices: best.map(({ id }) => ({ id, reason: 'high' })) });
};

type Given = Parameters<typeof strategyContext>[2];
/** Four picks of 20 candidates a query. */
const context = ({ options, ...given }: Given, client = scripted(highest)) =>
  strategyContext(
    selectLlmStrategy,
    kernel,
    { ...given, options: { perQuery: 4, itemsPerQuery: 20, ...options } },
    client,
  );
const run = async (given: StrategyContext) => (await selectLlmStrategy.prepare(given)).select();

describe('selectllm', () => {
  it('returns the choices of the LLM, the best of every query first', async () => {
    const given = context({ count: 12 });
    const { picks, asked } = await run(given);
    const queries = given.journal.loadQueries()!;
    expect(asked).toEqual({ queries: 3, chosen: 3, failed: [], unasked: 0 });
    for (const { number, positions } of queries) {
      const chosen = picks.filter(({ query }) => query === number).map(({ position }) => position);
      expect(chosen).toEqual([...positions].reverse().slice(0, 4));
    }
    expect(picks.map(({ score }) => score)).toEqual([1, 1, 1, 0.75, 0.75, 0.75, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]);
    expect(picks[0]).toMatchObject({ reason: 'high', model: 'scripted-1', strategy: 'selectllm' });
  });

  it('orders by score times weight, the largest weight being 1', async () => {
    const weights = Float64Array.from({ length: 60 }, (_, position) => (position % 2 === 0 ? 6 : 3));
    const { picks } = await run(context({ count: 12, weights }));
    const { picks: unweighted } = await run(context({ count: 12 }));
    const scoreOf = new Map(unweighted.map(({ position, score }) => [position, score!]));
    expect(picks.map(({ position }) => position).sort()).toEqual([...scoreOf.keys()].sort());
    for (const { position, score } of picks) {
      expect(score).toBe(scoreOf.get(position)! * (position % 2 === 0 ? 1 : 0.5));
    }
    const scores = picks.map(({ score }) => score!);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('asks each query once per vote, and reports the agreement', async () => {
    const client = scripted(highest);
    const { picks, asked } = await run(context({ count: 8, options: { votes: 3 } }, client));
    expect(client.calls).toBe(6);
    expect(asked).toMatchObject({ queries: 2, chosen: 2, agreement: 1 });
    expect(picks).toHaveLength(8);
  });

  it('estimates its cost in the plan', async () => {
    const given = context({ count: 10, options: { perQuery: 3, itemsPerQuery: 6, votes: 2, partition: 'random' } });
    const { plan } = await selectLlmStrategy.prepare(given);
    expect(plan.notes).toEqual([expect.stringMatching(/\b24 candidates\b.*\b60\b/)]);
    expect(plan.asking).toMatchObject({
      partition: 'random',
      queries: 4,
      itemsPerQuery: [6, 6],
      picksPerQuery: [2, 3],
      votes: 2,
      queriesAnswered: 0,
      calls: { expected: 8, worstCase: 24 },
    });
    expect(plan.asking!.samplePrompt.user).toContain('Choose exactly 3 of these 6 candidates');
    expect(plan.asking!.tokens.worstCase).toBeGreaterThan(plan.asking!.tokens.expected);
  });

  it('fails only a query whose replies stay unusable; a retry asks it again', async () => {
    let repaired = false;
    const client = scripted((task, call) => {
      const hasZero = task.candidates.some(({ instruction }) => instruction.includes('number 0 '));
      return hasZero && !repaired ? 'I would rather not.' : highest(task, call);
    });
    const given = context({ count: 12 }, client);
    const first = await run(given);
    expect(first.picks).toHaveLength(8);
    expect(first.asked).toMatchObject({
      chosen: 2,
      unasked: 0,
      failed: [{ failure: expect.stringContaining('no line of ids') }],
    });
    expect(client.calls).toBe(2 + 3);

    repaired = true;
    expect(await run(given)).toEqual(first);
    expect(client.calls).toBe(5);
    (given.journal as SqliteJournal).reopenFailed();
    const { asking } = (await selectLlmStrategy.prepare(given)).plan;
    expect(asking).toMatchObject({ queriesAnswered: 2, calls: { expected: 1, worstCase: 3 } });
    const second = await run(given);
    expect(second.picks).toHaveLength(12);
    expect(client.calls).toBe(6);
  });

  it('says of a query that is refused that it is, and what to do', async () => {
    const hint = 'Lower itemsPerQuery.';
    const failure = { provider: 'x', status: 400, retryable: false, billing: 'none' } as const;
    const error = new ProviderError('too long', failure, { hint });
    const { asked } = await run(
      context(
        { count: 12 },
        scripted((task, call) => (call === 2 ? error : highest(task, call))),
      ),
    );
    expect(asked!.failed).toEqual([{ query: expect.any(Number), failure: 'too long', advice: hint, isRefused: true }]);
  });

  it('holds servers that enforce it to the ids of the query and the number of choices', async () => {
    const requests: LlmRequest[] = [];
    const client = scripted(highest);
    await run(
      context({ count: 12 }, {
        ...client,
        complete: (request) => {
          requests.push(request);
          return client.complete(request);
        },
      } as typeof client),
    );
    for (const { schema, task } of requests) {
      const ids = task.kind === 'choose' ? task.candidates.map(({ id }) => id) : [];
      const choices = (chosen: readonly string[]) => ({ ids: chosen });
      // A schema is billed as input: servers that only promise to keep to it get none.
      expect(schema!.definition).toBeUndefined();
      expect(schema!.bounded!.safeParse(choices(ids.slice(0, 4))).success).toBe(true);
      for (const bad of [ids.slice(0, 3), ids.slice(0, 5), [...ids.slice(0, 3), 'none']]) {
        expect(schema!.bounded!.safeParse(choices(bad)).success).toBe(false);
      }
    }
  });

  it('does not ask again for stored results', async () => {
    const client = scripted(highest);
    const given = context({ count: 12 }, client);
    const first = await run(given);
    expect(await run(given)).toEqual(first);
    expect(client.calls).toBe(3);
  });

  it.each([
    ['a cap', 'budget', new BudgetExceededError('full', { cap: 'usd', limit: 1, callsUnderWay: 0, hint: '' })],
    [
      'a key that is turned down',
      'provider',
      new ProviderError('no', { provider: 'x', status: 401, retryable: false, billing: 'none' }),
    ],
  ] as const)('keeps what was chosen before %s stopped the rest, and goes on later', async (_, by, error) => {
    let stopping = true;
    const client = scripted((task, call) => (stopping && call > 2 ? error : highest(task, call)));
    const given = context({ count: 20 }, client);
    const first = await run(given);
    expect(first.asked).toMatchObject({ queries: 5, chosen: 2, unasked: 3, failed: [], stopped: { by } });
    expect(first.picks).toHaveLength(8);

    stopping = false;
    const { picks, asked } = await run(given);
    expect(asked).toEqual({ queries: 5, chosen: 5, failed: [], unasked: 0 });
    expect(picks).toEqual((await run(context({ count: 20 }))).picks);
  });

  it('starts nothing after the signal, and keeps requests in progress', async () => {
    const stop = new AbortController();
    const client = scripted((task, call) => {
      if (call === 5) stop.abort(new InterruptedError());
      return highest(task, call);
    });
    const given = context({ count: 60, options: { perQuery: 2, itemsPerQuery: 2 }, signal: stop.signal }, client);
    const { picks, asked } = await run(given);
    expect(client.calls).toBeGreaterThanOrEqual(5);
    expect(client.calls).toBeLessThan(15);
    expect(asked).toMatchObject({ queries: 30, chosen: client.calls, unasked: 30 - client.calls });
    expect(asked!.stopped).toMatchObject({ by: 'interrupt', error: { code: 'INTERRUPTED' } });
    expect(picks).toHaveLength(2 * client.calls);
  });

  it('gives up on a provider that fails three queries in a row', async () => {
    const error = new ProviderError('down', { provider: 'x', status: 400, retryable: false, billing: 'none' });
    const client = scripted((task, call) => (call > 1 ? error : highest(task, call)));
    const { asked } = await run(context({ count: 60, options: { perQuery: 1, itemsPerQuery: 2 } }, client));
    expect(asked!.stopped).toMatchObject({ by: 'provider', error: { message: 'down' } });
    expect(asked!.chosen).toBe(1);
    expect(asked!.unasked).toBe(59);
  });

  it.each([
    [{ partition: 'cluster' }, 'partition must be one of diverse, similar, random.'],
    [{ perQuery: 0 }, 'perQuery must be at least 1.'],
    [{ perQuery: 'many' }, 'perQuery must be a whole number.'],
    [{ votes: 1.5 }, 'votes must be a whole number.'],
    [{ votes: 26 }, 'votes must be at most 25.'],
    [{ itemsPerQuery: 1 }, 'itemsPerQuery must be at least 2.'],
    [{ itemTokens: 8 }, 'itemTokens must be at least 32.'],
    [{ perQuery: 30, itemsPerQuery: 20 }, 'perQuery: 30 is more than the 20 candidates of a query.'],
  ])('refuses %j', (options, message) => {
    expect(() => normalizeOptions(selectLlmStrategy, options)).toThrow(
      expect.objectContaining({ code: 'USAGE', message }),
    );
  });

  it.each([
    [{}, 10, 40],
    [{ perQuery: 3 }, 3, 12],
    [{ itemsPerQuery: 9 }, 2, 9],
    [{ perQuery: 50 }, 50, 200],
    [{ itemsPerQuery: 2 }, 1, 2],
    [{ perQuery: 4, itemsPerQuery: 20 }, 4, 20],
  ])('shows four candidates for each pick, unless told otherwise: %j', async (options, picks, candidates) => {
    const instructions = instructionsOf(400);
    const given = {
      instructions,
      embeddings: randomRows(400),
      count: 100,
      options: { ...options, partition: 'random' },
    };
    const { plan } = await selectLlmStrategy.prepare(strategyContext(selectLlmStrategy, kernel, given));
    expect(plan.asking!.picksPerQuery[1]).toBe(picks);
    expect(plan.asking!.itemsPerQuery[1]).toBeLessThanOrEqual(candidates);
    expect(plan.asking!.itemsPerQuery[1]).toBeGreaterThan(candidates * 0.7);
  });

  it('fills in defaults, and reads numbers given as text', () => {
    expect(normalizeOptions(selectLlmStrategy, { votes: '3' })).toEqual({
      partition: 'diverse',
      itemTokens: 400,
      votes: 3,
    });
  });
});
