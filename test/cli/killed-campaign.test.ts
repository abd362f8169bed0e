import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textHash } from '../../src/domain/instruction.ts';
import { seededRandom } from '../../src/math/random.ts';
import { type ChatAnswer, type ChatPrompt, chooseLongest } from '../support/chat-answers.ts';
import { type LabelStudio, LEGACY_TOKEN, startLabelStudio } from '../support/label-studio-server.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const KILLS = 40;
const ITEMS = 60;
const CONCURRENCY = 4;
const SUBJECTS = ['bread', 'tides', 'loans', 'soil', 'verbs', 'maps', 'glass', 'bees', 'radio', 'dance'];

/**
 * A campaign with everything that costs: judged quality, SelectLLM, pushed tasks, a training command, a served model. The
 * caps on labels and training just fit, so that nothing set aside twice would.
 */
const folder = temporaryFolder();
let llm: ProviderServer;
beforeAll(async () => {
  llm = await startOpenAiServer({ chat: answer, latencyMs: 15 });
});
afterAll(() => llm.close());

describe('a campaign killed with -9 at forty random moments', () => {
  it('ends like one that was never interrupted, and does nothing twice', async () => {
    const whole = await campaign('whole', 0);
    expect(whole.rounds).toBe(3);
    expect(whole.lostCalls).toBe(0);

    const random = seededRandom(3, 'kills');
    let kills = 0;
    for (let number = 1; kills < KILLS; number += 1) {
      const killed = await campaign(`killed-${number}`, KILLS - kills, random);
      kills += killed.kills;
      expect(killed.outcome).toEqual(whole.outcome);
      // Settled to the micro-dollar; what a kill cut off stays counted beside it.
      expect(killed.settledMicroUsd).toBe(whole.settledMicroUsd);
      expect(killed.repliesOfRequests).toEqual(whole.repliesOfRequests);
      expect(killed.requests).toBeLessThanOrEqual(whole.requests + killed.lostCalls);
      expect(killed.lostCalls).toBeLessThanOrEqual(killed.kills * CONCURRENCY);
    }
    expect(kills).toBe(KILLS);
  });
});

interface Ended {
  readonly kills: number;
  readonly rounds: number;
  readonly requests: number;
  readonly lostCalls: number;
  readonly settledMicroUsd: number;
  /** How many answers are stored of each request: one. */
  readonly repliesOfRequests: readonly number[];
  /** All that must not depend on how often it was killed. */
  readonly outcome: unknown;
}

/** Runs a campaign to its end, labels included, and kills it up to so many times on the way. */
async function campaign(name: string, mostKills: number, random = seededRandom(0, name)): Promise<Ended> {
  const path = folder.file(name);
  mkdirSync(path);
  const studio = await startLabelStudio();
  writeCampaign(path, studio);
  const options = {
    cwd: path,
    environment: {
      WINNOW_CACHE_DIR: folder.file('cache'),
      WINNOW_API_KEY: 'key',
      LABEL_STUDIO_API_KEY: LEGACY_TOKEN,
    },
  };
  const before = llm.requests.length;
  let kills = 0;
  try {
    for (let life = 0; ; life += 1) {
      expect(life, 'the campaign gets nowhere').toBeLessThan(200);
      if (kills < mostKills) {
        if (await killSoon(options, random, studio)) kills += 1;
      } else {
        const { code, stderr } = await runCli(['run', '--yes'], options);
        expect([0, 3], stderr).toContain(code);
        if (code === 0) break;
      }
      annotate(studio);
    }
    return { kills, ...inspect(path, studio), requests: llm.requests.length - before };
  } finally {
    await studio.close();
  }
}

/** @returns whether it was killed, rather than ending by itself */
async function killSoon(
  options: Parameters<typeof startCli>[1],
  random: ReturnType<typeof seededRandom>,
  studio: LabelStudio,
): Promise<boolean> {
  const run = startCli(['run', '--yes'], options);
  const calls = () => llm.requests.length + studio.requests.length;
  const target = calls() + random.below(40);
  // Mostly at some call, sometimes at any moment.
  const end = random.below(4) === 0 ? Date.now() + random.below(1_000) : Number.POSITIVE_INFINITY;
  const isDue = () => calls() >= target || Date.now() >= end || run.process.exitCode !== null;
  await until(isDue, () => `call ${target} after ${calls()}`);
  await wait(random.below(40));
  if (run.process.exitCode !== null) return false;
  run.process.kill('SIGKILL');
  await once(run.process, 'close').catch(() => undefined);
  return true;
}

function writeCampaign(path: string, studio: LabelStudio): void {
  const items = Array.from({ length: ITEMS }, (_, index) => {
    const subject = SUBJECTS[index % SUBJECTS.length]!;
    return { id: `it-${index}`, instruction: `Task ${index}: explain ${'and compare '.repeat(index % 4)}${subject}.` };
  });
  writeFileSync(join(path, 'pool.jsonl'), items.map((item) => JSON.stringify(item)).join('\n'));
  const price = '{ input: 1, output: 4 }';
  writeFileSync(
    join(path, 'winnow.yaml'),
    `
pool: { files: [pool.jsonl], dedupeThreshold: 0.999 }
llm: { provider: compatible, model: chooser, baseUrl: '${llm.url}/v1', price: ${price}, contextTokens: 32000 }
requests: { concurrency: ${CONCURRENCY} }
quality: { threshold: 1 }
budget: { llmUsd: 50, labels: 40, labelUsd: 15.5, trainingUsd: 1.75, totalUsd: 90 }
labels: { tool: label-studio, url: '${studio.url}', project: winnow, perLabelUsd: 0.5, heldOutShare: 0.2 }
rounds:
  most: 3
  seed: { strategy: selectllm, count: 12, options: { itemsPerQuery: 10, perQuery: 2 } }
  necessity: { count: 9, threshold: 6, evaluate: 25, cover: facility-location }
trainer:
  kind: command
  command: echo trained >> trainings.log; sleep 0.3; echo '{"model":"seed","baseUrl":"${llm.url}/v1","costUsd":0.25}'
  costUsd: 1
  serve: { price: ${price} }
answers: { maxOutputTokens: 100 }
`,
  );
}

/** Always gives the same answer to the same question. */
function answer(prompt: ChatPrompt): ChatAnswer {
  if (prompt.request.body.model === 'seed') return { text: `About ${prompt.text.slice(0, 60)}` };
  if (/exactly \d+/i.test(prompt.text)) return chooseLongest(prompt);
  const score = 1 + (Number.parseInt(textHash(prompt.text).slice(0, 6), 16) % 9);
  return {
    text: JSON.stringify({
      reason: `scored ${score}`,
      score: Math.min(score, prompt.text.includes('"response"') ? 9 : 5),
    }),
  };
}

/** Answers every open item. */
function annotate(studio: LabelStudio): void {
  for (const { data, annotations } of studio.tasks) {
    const id = String(data.winnow_id);
    if (annotations.length === 0) studio.annotate(id, { text: `By hand: ${id}`, at: '2026-01-01T00:00:00Z' });
  }
}

function inspect(path: string, studio: LabelStudio): Omit<Ended, 'kills' | 'requests'> {
  const state = new Database(join(path, 'winnow.db'), { readonly: true });
  const all = (sql: string) => state.prepare(sql).raw().all();
  const one = (sql: string) => state.prepare(sql).pluck().get() as number;
  try {
    const handedOut = studio.tasks.map(({ data }) => String(data.winnow_id));
    expect(new Set(handedOut).size, 'a task was pushed twice').toBe(handedOut.length);
    const trainings = readFileSync(join(path, 'trainings.log'), 'utf8').trim().split('\n');
    expect(trainings, 'trained once a round').toHaveLength(one('SELECT count(*) FROM round'));
    return {
      rounds: one('SELECT count(*) FROM round'),
      lostCalls: one("SELECT count(*) FROM outcome WHERE state = 'lost'"),
      settledMicroUsd:
        one('SELECT sum(cost_micro_usd) FROM reply') +
        one("SELECT sum(cost_micro_usd) FROM expense_outcome WHERE state = 'settled'"),
      repliesOfRequests: all(
        'SELECT count(*) FROM reply JOIN attempt ON id = attempt_id GROUP BY call_id ORDER BY 1',
      ).flat() as number[],
      outcome: {
        handedOut: handedOut.sort(),
        items: all('SELECT position, id, instruction FROM item'),
        plans: all('SELECT number, plan FROM round'),
        steps: all('SELECT round, name FROM step ORDER BY round, name'),
        failures: all("SELECT details FROM step WHERE name = 'find-failures' ORDER BY round"),
        picks: all('SELECT round, rank, position, reason, cost_micro_usd FROM pick ORDER BY round, selection_id, rank'),
        ratings: all('SELECT position, score, reason FROM rating ORDER BY position'),
        annotations: all('SELECT position, verdict, response FROM annotation ORDER BY position'),
        assignments: all('SELECT position, held_out FROM assignment ORDER BY position'),
        examples: all('SELECT round, position FROM training_example ORDER BY round, position'),
        models: all('SELECT round, name, base_url, cost_micro_usd FROM model'),
        evaluations: all(
          'SELECT round, subset, item_id, answer, score FROM evaluation ORDER BY round, subset, item_id',
        ),
        expenses: all(
          `SELECT account, key, state, cost_micro_usd FROM expense JOIN expense_outcome ON expense_id = id ORDER BY key`,
        ),
        open: all('SELECT key FROM expense WHERE id NOT IN (SELECT expense_id FROM expense_outcome)'),
        files: ['train.json', 'held-out.json'].map((name) =>
          readFileSync(join(path, 'rounds', '3', 'training', name), 'utf8'),
        ),
        stop: all('SELECT rule, message FROM stop'),
      },
    };
  } finally {
    state.close();
  }
}
