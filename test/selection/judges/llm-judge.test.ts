import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BudgetExceededError } from '../../../src/domain/errors.ts';
import { countTokens } from '../../../src/models/metering/token-count.ts';
import { SECOND_EDITION } from '../../../src/models/prompt-template.ts';
import { CRITERIA } from '../../../src/selection/judges/criteria.ts';
import { boundedJudgmentSchema, judgmentSchema } from '../../../src/selection/judges/parse-judgment.ts';
import { type ChatAnswer, script } from '../../support/chat-answers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  EVERY_JUDGE,
  goodAnswer,
  goodJson,
  ITEM,
  type JudgeLab,
  type LabOptions,
  openJudgeLab,
  ownPrompt,
  userPrompts,
} from './judge-lab.ts';

const folder = temporaryFolder();
const NONE: Readonly<Record<string, number>> = {};
/** More than our own count of the prompts, which a settlement never goes below. */
const USAGE = { input: 700, output: 40 };
const COST = 780;
const DECLINED = ['is refused', { text: 'I cannot rate that.', stop: 'refusal' }, 'it declines the request.'] as const;

describe('llmJudge', () => {
  const labs: JudgeLab[] = [];
  afterEach(() => Promise.all(labs.splice(0).map(({ server }) => server.close())));

  async function open(criterion: string, options: LabOptions): Promise<JudgeLab> {
    const lab = await openJudgeLab(criterion, options);
    labs.push(lab);
    return lab;
  }

  describe.each(EVERY_JUDGE)('of %s by %s', (criterion, provider) => {
    const good: ChatAnswer = { text: goodAnswer(criterion), usage: USAGE };
    const highest = CRITERIA.find(criterion).scale.max;

    it('gives the score, the reason, the model and the cost', async () => {
      const { judge, ledger } = await open(criterion, { provider, chat: () => good });
      await expect(judge.judge(ITEM, { subject: 'it-1' })).resolves.toEqual({
        score: highest,
        reason: 'clear and complete',
        model: provider === 'openai' ? 'some-model-2024-07-18' : 'some-model-20251001',
        costMicroUsd: COST,
      });
      expect(judge).toMatchObject({ criterion: CRITERIA.find(criterion), concurrency: 3 });
      expect(ledger.attempts.map(({ call }) => [call.kind, call.subject])).toEqual([[`judge-${criterion}`, 'it-1']]);
    });

    it.each([
      ['has no score apart', { text: 'I would give it a 4.' }, 'it is not of the form "<'],
      ['is malformed JSON', { text: '{"score": 4, "reason": "fine"' }, 'it holds no JSON object.'],
      ['is out of scale', { text: goodAnswer(criterion).replace(/\d+/, '11') }, 'the score 11 is not between'],
      ['has no reason', { text: '4' }, 'it is not of the form'],
      ['has an empty reason', { text: goodAnswer(criterion, ' … ') }, 'its reason says nothing.'],
      ['is cut', { text: '{"score": 4, "reason": "fi', stop: 'length' }, 'it was cut off before its end.'],
      // What Anthropic calls a refusal is the work of its filter.
      ...(provider === 'openai' ? [DECLINED] : []),
    ] as const)('asks for a repair of a reply that %s', async (_, bad, problem) => {
      const lab = await open(criterion, { provider, chat: script({ ...bad, usage: USAGE }, good) });
      await expect(lab.judge.judge(ITEM, { subject: 'it-1' })).resolves.toMatchObject({
        score: highest,
        costMicroUsd: 2 * COST,
      });
      expect(userPrompts(lab)[1]).toContain(problem);
    });

    it.runIf(provider === 'anthropic')('asks for no repair of what a content filter broke off', async () => {
      const filtered: ChatAnswer = { text: 'I cannot rate that.', stop: 'refusal', usage: USAGE };
      const { judge, server } = await open(criterion, { provider, chat: script(filtered, good) });
      await expect(judge.judge(ITEM, { subject: 'it-1' })).rejects.toMatchObject({ name: 'FilteredError' });
      expect(server.requests).toHaveLength(1);
    });

    it('gives up after two repairs, without a default score', async () => {
      const { judge, server } = await open(criterion, { provider, chat: () => ({ text: 'Four.', usage: USAGE }) });
      await expect(judge.judge(ITEM, { subject: 'it-1' })).rejects.toMatchObject({
        code: 'REPLY_UNUSABLE',
        costMicroUsd: 3 * COST,
      });
      expect(server.requests).toHaveLength(3);
    });

    it('estimates at least the largest reservation, including repairs and long texts', async () => {
      const long = 'Wörter und Sätze, 話 の 種. '.repeat(2_000);
      for (const item of [
        ITEM,
        { instruction: long, input: long, response: long },
        { instruction: '?', response: '' },
      ]) {
        const bad = { text: 'No. '.repeat(60) };
        const { judge, ledger } = await open(criterion, { provider, chat: () => bad });
        const { expected, worstCase } = judge.estimate(item).costMicroUsd;
        await expect(judge.judge(item, { subject: 'it-1' })).rejects.toMatchObject({ code: 'REPLY_UNUSABLE' });
        const reserved = ledger.attempts.map(({ call }) => call.worstCaseMicroUsd);
        expect(reserved).toHaveLength(3);
        expect(reserved.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(worstCase);
        expect(expected).toBeGreaterThan(0);
        expect(expected).toBeLessThan(worstCase / 3);
      }
    });
  });

  it('pays for an item once, even under another subject', async () => {
    const { judge, server, ledger } = await open('quality', { chat: () => ({ text: goodAnswer('quality') }) });
    const first = await judge.judge(ITEM, { subject: 'round 1' });
    await expect(judge.judge(ITEM, { subject: 'round 2' })).resolves.toEqual(first);
    expect(server.requests).toHaveLength(1);
    expect(ledger.states.settled).toBe(1);
  });

  it('asks again in a new generation only for items without a usable score', async () => {
    const bad: ChatAnswer = { text: 'Four.', usage: USAGE };
    const good: ChatAnswer = { text: goodAnswer('quality'), usage: USAGE };
    const { judge, server } = await open('quality', { chat: script(bad, bad, bad, good) });
    await expect(judge.judge(ITEM, { subject: 'it-1' })).rejects.toMatchObject({ costMicroUsd: 3 * COST });
    const retried = judge.judge(ITEM, { subject: 'it-1', generation: 1 });
    await expect(retried).resolves.toMatchObject({ score: 5, costMicroUsd: 4 * COST });
    await judge.judge(ITEM, { subject: 'it-1', generation: 2 });
    expect(server.requests).toHaveLength(4);
  });

  it('estimates the calls left up to a generation, and none when a stored reply is usable', async () => {
    const bad: ChatAnswer = { text: 'Four.', usage: USAGE };
    const down: ChatAnswer = { fault: 'status', status: 401 };
    const good: ChatAnswer = { text: goodAnswer('quality'), usage: USAGE };
    const { judge, ledger } = await open('quality', { chat: script(bad, down, bad, bad, good) });
    const callsTo = (generation: number) => judge.estimate(ITEM, { generation }).calls;
    const fresh = judge.estimate(ITEM);
    expect(fresh.calls).toEqual({ expected: 1, worstCase: 3 });
    expect(callsTo(1)).toEqual({ expected: 1, worstCase: 6 });
    // One unusable reply is stored; the request to repair it was rejected.
    await expect(judge.judge(ITEM, { subject: 'it-1' })).rejects.toMatchObject({ status: 401 });
    expect(callsTo(0)).toEqual({ expected: 1, worstCase: 2 });
    expect(callsTo(1)).toEqual({ expected: 1, worstCase: 5 });
    const { worstCase } = judge.estimate(ITEM).costMicroUsd;
    expect(worstCase).toBeLessThan(fresh.costMicroUsd.worstCase);
    await expect(judge.judge(ITEM, { subject: 'it-1' })).rejects.toMatchObject({ code: 'REPLY_UNUSABLE' });
    const reserved = ledger.attempts
      .filter(({ state }) => state === 'settled')
      .map(({ call }) => call.worstCaseMicroUsd);
    expect(reserved.slice(1).reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(worstCase);
    // The first generation failed completely: it is not asked again, and the next is estimated in full.
    expect(callsTo(0)).toEqual({ expected: 0, worstCase: 0 });
    expect(judge.estimate(ITEM, { generation: 1 })).toEqual(fresh);
    await judge.judge(ITEM, { subject: 'it-1', generation: 1 });
    expect(callsTo(1)).toEqual({ expected: 0, worstCase: 0 });
    expect(callsTo(3)).toEqual({ expected: 0, worstCase: 0 });
  });

  it('reports the cost of all failed generations', async () => {
    const { judge } = await open('quality', { chat: () => ({ text: 'Four.', usage: USAGE }) });
    const retried = judge.judge(ITEM, { subject: 'it-1', generation: 1 });
    await expect(retried).rejects.toMatchObject({ code: 'REPLY_UNUSABLE', costMicroUsd: 6 * COST });
  });

  it('passes on errors that do not concern the reply: caps, the provider, an interrupt', async () => {
    const capped = await open('quality', { chat: () => ({ text: '' }), caps: { maxCalls: 0 } });
    await expect(capped.judge.judge(ITEM, { subject: 'it-1' })).rejects.toBeInstanceOf(BudgetExceededError);
    const locked = await open('quality', { chat: () => ({ fault: 'status', status: 401 }) });
    await expect(locked.judge.judge(ITEM, { subject: 'it-1' })).rejects.toMatchObject({ status: 401 });
    const reason = new Error('stopped');
    const signal = AbortSignal.abort(reason);
    await expect(locked.judge.judge(ITEM, { subject: 'it-2', signal })).rejects.toBe(reason);
  });

  it.each(CRITERIA.names)('holds servers that enforce it to the scale of %s', (name) => {
    const criterion = CRITERIA.find(name);
    const { min, max } = criterion.scale;
    const isValid = (score: number) => boundedJudgmentSchema(criterion).safeParse({ score, reason: 'x' }).success;
    expect([min - 1, min, max, max + 1].map(isValid)).toEqual([false, true, true, false]);
    expect(isValid(min + 0.5)).toBe(!criterion.isWeighed);
  });

  it('asks at temperature 0, without a schema that is billed', async () => {
    for (const criterion of CRITERIA.names) {
      const lab = await open(criterion, { chat: () => ({ text: goodAnswer(criterion) }), reasoningTokens: 1_000 });
      await lab.judge.judge(ITEM, { subject: 'it-1' });
      const { body } = lab.server.requests[0]!;
      expect(body).toMatchObject({ temperature: 0 });
      expect(body.response_format).toBeUndefined();
      // Room for a reason of the words that the prompt allows, in a wordier language.
      const { words } = ownPrompt(criterion);
      expect(body.max_completion_tokens).toBe(1_000 + 8 * words! + 40);
    }
  });

  it('asks prompts of layout 1 for JSON, with the reason first unless token probabilities are used', async () => {
    for (const criterion of CRITERIA.names) {
      const prompt = ownPrompt(criterion, undefined, SECOND_EDITION);
      const lab = await open(criterion, { chat: () => ({ text: goodJson(criterion) }), prompt });
      await lab.judge.judge(ITEM, { subject: 'it-1' });
      const { response_format, max_completion_tokens } = lab.server.requests[0]!.body as {
        max_completion_tokens: number;
        response_format: { json_schema: { schema: { properties: object } } };
      };
      expect(max_completion_tokens).toBe(CRITERIA.find(criterion).outputTokens.most);
      expect(Object.keys(response_format.json_schema.schema.properties)).toEqual(
        CRITERIA.find(criterion).isWeighed ? ['score', 'reason'] : ['reason', 'score'],
      );
    }
  });

  it('expects to pay for the schema of prompts of layout 1', async () => {
    const prompt = ownPrompt('quality', undefined, SECOND_EDITION);
    const { judge } = await open('quality', { chat: () => ({ text: '' }), prompt });
    const plain = await open('quality', { chat: () => ({ text: '' }), prompt: { ...prompt, layout: 2 } });
    const more = judge.estimate(ITEM).tokens.expected - plain.judge.estimate(ITEM).tokens.expected;
    const schema = JSON.stringify(z.toJSONSchema(judgmentSchema(CRITERIA.find('quality'))));
    // The item is a little longer in JSON.
    expect(more).toBeGreaterThanOrEqual(countTokens(schema));
    expect(more).toBeLessThan(countTokens(schema) + 20);
  });

  describe('of complexity', () => {
    const weighed = (score: string, alternatives: Readonly<Record<string, number>>): ChatAnswer => ({
      text: `{"score": ${score}, "reason": "several steps"}`,
      tokens: [
        { token: '{"', alternatives: { '{"': 1 } },
        { token: 'score', alternatives: { score: 1 } },
        { token: '":', alternatives: { '":': 1 } },
        { token: ` ${score}`, alternatives },
        { token: ', "reason": "several steps"}', alternatives: {} },
      ],
    });
    const judgeOnce = async (options: LabOptions) => {
      const lab = await open('complexity', options);
      return { lab, judgment: await lab.judge.judge(ITEM, { subject: 'it-1' }) };
    };

    it('is the expectation over the scores when the server returns log-probabilities', async () => {
      const { lab, judgment } = await judgeOnce({ chat: () => weighed('4', { ' 4': 0.5, ' 5': 0.25, ' 3': 0.05 }) });
      expect(judgment.score).toBeCloseTo((4 * 0.5 + 5 * 0.25 + 3 * 0.05) / 0.8, 10);
      expect(lab.server.requests[0]!.body).toMatchObject({ logprobs: true, top_logprobs: 10 });
      await expect(lab.judge.judge(ITEM, { subject: 'again' })).resolves.toEqual(judgment);
      expect(lab.server.requests).toHaveLength(1);
    });

    it('is that of the repaired reply when the first is unusable', async () => {
      const chat = script(weighed('9', { ' 9': 0.9, ' 1': 0.1 }), weighed('2', { ' 2': 0.5, ' 1': 0.5 }));
      const { lab, judgment } = await judgeOnce({ chat });
      expect(judgment.score).toBeCloseTo(1.5, 10);
      expect(lab.server.requests).toHaveLength(2);
    });

    it('is that of a line too', async () => {
      const { judgment } = await judgeOnce({
        chat: () => ({
          text: '4 | several steps',
          tokens: [
            { token: '4', alternatives: { ...NONE, '4': 0.5, '5': 0.25, '44': 0.2 } },
            { token: ' | several steps', alternatives: NONE },
          ],
        }),
      });
      expect(judgment).toMatchObject({
        score: expect.closeTo((4 * 0.5 + 5 * 0.25) / 0.75, 10),
        reason: 'several steps',
      });
    });

    it.each([
      ['none of the scores is among the alternatives', { chat: () => weighed('4', { four: 0.9, five: 0.1 }) }],
      ['there are no log-probabilities', { chat: () => ({ text: '{"score": 4, "reason": "some steps"}' }) }],
      ['they are refused', { chat: () => weighed('4', { ' 4': 0.5, ' 6': 0.5 }), refuses: ['logprobs'] }],
      ['the provider has none', { provider: 'anthropic', chat: () => weighed('4', { ' 4': 0.5, ' 6': 0.5 }) }],
    ] as const)('is the number it says where %s', async (_, options) => {
      const { judgment } = await judgeOnce(options);
      expect(judgment.score).toBe(4);
    });

    it('is the only criterion that asks for log-probabilities', async () => {
      for (const criterion of ['quality', 'accuracy', 'necessity'] as const) {
        const lab = await open(criterion, { chat: () => ({ text: goodAnswer(criterion) }) });
        await lab.judge.judge(ITEM, { subject: 'it-1' });
        expect(lab.server.requests[0]!.body).not.toHaveProperty('logprobs');
      }
    });
  });

  it('has a name with everything that decides a judgment, and no secret', async () => {
    const own = ownPrompt('quality');
    const changed = folder.write(
      'judge-quality.md',
      `---\nid: judge-quality\nversion: 1\nvariables: [item]\n---\n# User\n{{item}}\n`,
    );
    const { judge, server } = await open('quality', { chat: () => ({ text: '' }) });
    expect(judge.name).toBe(
      `openai some-model at ${server.url}/v1, judge-quality version ${own.version} (${own.hash.slice(0, 12)}), 2000 tokens an item`,
    );
    const other = await open('quality', {
      chat: () => ({ text: '' }),
      prompt: ownPrompt('quality', changed.replace('/judge-quality.md', '')),
    });
    expect(other.judge.name.replace(other.server.url, server.url)).not.toBe(judge.name);
  });
});
