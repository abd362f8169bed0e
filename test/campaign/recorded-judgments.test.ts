import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCampaign } from '../../src/runs/campaign/campaign.ts';
import type { ChatAnswer, ChatPrompt } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** GPT-4's recorded reviews of two models' answers to 478 instructions. */
const FILES = ['wizardlm', 'koala', 'vicuna'].map((name) =>
  fileURLToPath(new URL(`../../../shared/data/judged-${name}.jsonl`, import.meta.url)),
);
const isThere = FILES.every((file) => existsSync(file));
if (!isThere) process.stderr.write('Skipped: the recorded judgments are not in ../shared/data.\n');

interface Recorded {
  readonly id: string;
  readonly instruction: string;
  readonly answers: readonly [string, string];
  /** As recorded but for zeros, which are off the scale that was asked for (1–10). */
  readonly scores: readonly [number, number];
  readonly review: string;
}

const THRESHOLD = 7;
const SEED_COUNT = 20;
const NECESSITY_COUNT = 30;

/** Vectors are the same for both models. */
const cache = temporaryFolder();

describe.skipIf(!isThere).each([1, 2] as const)('a MoDS round whose seed model is recorded model %d', (which) => {
  const folder = temporaryFolder();
  const recorded = isThere ? readRecorded() : new Map<string, Recorded>();
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startOpenAiServer({ chat: (prompt) => replay(prompt, recorded, which) });
  });
  afterAll(() => server.close());

  it('fails at exactly the instructions whose recorded score is below the threshold', async () => {
    const records = [...recorded.values()];
    const model = JSON.stringify({ model: 'recorded-model', baseUrl: `${server.url}/v1` });
    folder.write('pool.jsonl', records.map(({ id, instruction }) => JSON.stringify({ id, instruction })).join('\n'));
    folder.write(
      'winnow.yaml',
      `
pool: { files: [pool.jsonl], dedupeThreshold: 0 }
judge:
  provider: compatible
  model: recorded-judge
  baseUrl: ${server.url}/v1
  price: { input: 30, output: 60 }
  contextTokens: 32000
budget: { llmUsd: 500, totalUsd: 600 }
rounds:
  most: 2
  seed: { strategy: k-center, count: ${SEED_COUNT} }
  necessity: { count: ${NECESSITY_COUNT}, threshold: ${THRESHOLD}, evaluate: 1000, select: mods }
labels: { heldOutShare: 0.2 }
trainer:
  kind: command
  command: echo '${model}'
  costUsd: 0
  serve: { price: { input: 1, output: 2 }, contextTokens: 32000 }
answers: { maxOutputTokens: 1500 }
`,
    );
    const campaign = await openCampaign(folder.path, { cacheFolder: cache.path });
    try {
      const waiting = await campaign.run();
      expect(waiting).toMatchObject({ step: 'wait-for-labels', done: false, because: 'waiting' });
      const seeds = tasksOf(folder.file('rounds/1/tasks.jsonl'));
      expect(seeds).toHaveLength(SEED_COUNT);
      folder.write('labels.jsonl', seeds.map(({ id }) => JSON.stringify({ id, response: `For ${id}.` })).join('\n'));
      await campaign.importLabels(folder.file('labels.jsonl'), { tool: 'jsonl' });

      const second = await campaign.run();
      expect(second, JSON.stringify(second)).toMatchObject({ round: 2, done: false, because: 'waiting' });
      const { outcome } = (await campaign.status()).rounds[0]!;
      const isSeed = new Set(seeds.map(({ id }) => id));
      const remaining = records.filter(({ id }) => !isSeed.has(id));
      const below = remaining.filter(({ scores }) => scores[which - 1]! < THRESHOLD);
      expect(below.length).toBeGreaterThan(NECESSITY_COUNT);
      expect(outcome).toMatchObject({ evaluated: remaining.length, failures: below.length, unjudged: 0 });
      expect(outcome!.failureRate).toBeCloseTo(below.length / remaining.length, 12);

      // What goes to people are failures only, with the failing answer and the judge's reason.
      const failing = new Map(below.map((record) => [record.id, record]));
      const tasks = tasksOf(folder.file('rounds/2/tasks.jsonl'));
      expect(tasks).toHaveLength(NECESSITY_COUNT);
      for (const { id, draft, judge_reason: reason } of tasks) {
        const record = failing.get(id)!;
        expect(record, id).toBeDefined();
        expect(draft).toBe(record.answers[which - 1]);
        expect(reason).toBe(firstWords(record.review));
      }
      // Every answer and every judgment was asked for once.
      const asked = server.requests.map(({ body }) => JSON.stringify([body.model, body.messages]));
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked).toHaveLength(2 * (remaining.length + 4));
    } finally {
      await campaign.close();
    }
  });
});

/** Answers as the recorded model did, and scores as GPT-4 scored. */
function replay(prompt: ChatPrompt, recorded: ReadonlyMap<string, Recorded>, which: 1 | 2): ChatAnswer {
  if (prompt.request.body.model === 'recorded-model')
    return { text: recorded.get(prompt.text.trim())!.answers[which - 1]! };
  const shown = /^instruction: (.*)$/m.exec(prompt.text)![1]!;
  // Long instructions are shown shortened: their heads tell them apart.
  const [head = ''] = shown.split('[… ');
  const record = [...recorded.values()].find(({ instruction }) =>
    instruction.replaceAll('\n', '\\n').startsWith(head),
  )!;
  // A guess of its tokens could look like a prompt that was cut.
  return {
    text: JSON.stringify({ reason: firstWords(record.review), score: record.scores[which - 1] }),
    usage: 'missing',
  };
}

function readRecorded(): Map<string, Recorded> {
  const byInstruction = new Map<string, Recorded>();
  for (const line of FILES.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))) {
    const { id, instruction, answer1, answer2, gpt4 } = JSON.parse(line) as {
      id: string;
      instruction: string;
      answer1: string;
      answer2: string;
      gpt4: { review: string; scores: [number, number] };
    };
    if (byInstruction.has(instruction.trim())) continue;
    const scores = gpt4.scores.map((score) => Math.max(1, score)) as [number, number];
    byInstruction.set(instruction.trim(), {
      id,
      instruction,
      answers: [answer1, answer2],
      scores,
      review: gpt4.review,
    });
  }
  return byInstruction;
}

function firstWords(review: string): string {
  return review.replace(/\s+/g, ' ').slice(0, 120).trim();
}

function tasksOf(path: string): { id: string; draft?: string; judge_reason?: string }[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; draft?: string; judge_reason?: string });
}
