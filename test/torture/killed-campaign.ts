import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { textHash } from '../../src/domain/instruction.ts';
import type { Random } from '../../src/math/random.ts';
import { type ChatAnswer, type ChatPrompt, chooseLongest } from '../support/chat-answers.ts';
import { type LabelStudio, startLabelStudio } from '../support/label-studio-server.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { type CliResult, type CliRun, startCli } from '../support/run-cli.ts';
import { until } from '../support/until.ts';
import { optionsIn, type Trial, type TrialLab } from './trial.ts';

const ITEMS = 60;
const CONCURRENCY = 4;
const SUBJECTS = ['bread', 'tides', 'loans', 'soil', 'verbs', 'maps', 'glass', 'bees', 'radio', 'dance'];
const ROUNDS = 3;
/** About as long as a life that nothing cuts off takes. */
const LIFE_MS = 2_500;

/** What sets one killed campaign apart from another. */
interface Variant {
  /** Kills in the share that every test run has. */
  readonly share: number;
  /** Of winnow.yaml; the caps just fit, so that nothing set aside twice would. */
  readonly budget: string;
  readonly labels: string;
  readonly rounds: string;
  readonly trainer: (servedAt: string) => string;
  /** Trainings by a command are counted in a log. */
  readonly trainsByCommand: boolean;
  /** Items drawn at random by purpose, and comparisons with chance, that a whole campaign has. */
  readonly measures: { readonly test: number; readonly control: number; readonly comparisons: number };
  /** How a whole campaign ends: one that spends its last label is ended by the budget, which has an exit code of its own. */
  readonly end: { readonly rule: string; readonly code: number };
}

const PRICE = '{ input: 1, output: 4 }';

/** A campaign with everything that costs: judged quality, SelectLLM, pushed tasks, a training command, a served model. */
export const killedCampaign = killedCampaignOf({
  share: 8,
  budget: '{ llmUsd: 50, labels: 40, labelUsd: 15.5, trainingUsd: 1.75, totalUsd: 90 }',
  labels: 'heldOutShare: 0.2',
  rounds: '',
  trainer: (servedAt) => `
  kind: command
  command: echo trained >> trainings.log; sleep 0.3; echo '{"model":"seed","baseUrl":"${servedAt}","costUsd":0.25}'
  costUsd: 1
  serve: { price: ${PRICE} }`,
  trainsByCommand: true,
  measures: { test: 0, control: 0, comparisons: 0 },
  // A label could still be paid for.
  end: { rule: 'most-rounds', code: 0 },
});

/** One with a test set and controls, whose rounds are compared with chance. */
export const killedControl = killedCampaignOf({
  share: 6,
  budget: '{ llmUsd: 50, labels: 38, labelUsd: 19, totalUsd: 90 }',
  labels: 'test: 8',
  rounds: 'control: 0.4',
  trainer: () => `
  kind: retrieval`,
  trainsByCommand: false,
  // Of rounds of 12, 9 and 9.
  measures: { test: 8, control: 5 + 4 + 4, comparisons: 3 },
  end: { rule: 'budget', code: 3 },
});

/** Killed with -9 again and again, a campaign ends like one that was never interrupted, and does nothing twice. */
function killedCampaignOf(variant: Variant): Trial {
  return { share: variant.share, run: (lab, times) => runKilled(variant, lab, times) };
}

async function runKilled(variant: Variant, { folder, random }: TrialLab, times: number): Promise<string> {
  const llm = await startOpenAiServer({ chat: answer, latencyMs: 15 });
  try {
    const play = (name: string, mostKills: number) =>
      campaign({ variant, path: folder.file(name), cache: folder.file('cache'), llm, random }, mostKills);
    const whole = await play('whole', 0);
    assert.equal(whole.rounds, ROUNDS);
    assert.equal(whole.lostCalls, 0);
    assert.deepEqual(whole.measures, variant.measures);
    assert.deepEqual(whole.stops, [variant.end.rule]);
    let kills = 0;
    for (let number = 1; kills < times; number += 1) {
      const killed = await play(`killed-${number}`, times - kills);
      kills += killed.kills;
      assert.deepEqual(killed.outcome, whole.outcome);
      // Settled to the micro-dollar; what a kill cut off stays counted beside it.
      assert.equal(killed.settledMicroUsd, whole.settledMicroUsd);
      assert.deepEqual(killed.repliesOfRequests, whole.repliesOfRequests);
      const { requests, lostCalls } = killed;
      assert.ok(requests <= whole.requests + lostCalls, `${requests} of ${whole.requests} requests, ${lostCalls} lost`);
      assert.ok(lostCalls <= killed.kills * CONCURRENCY, `${lostCalls} calls lost by ${killed.kills} kills`);
    }
    return `${kills} kills`;
  } finally {
    await llm.close();
  }
}

interface World {
  readonly variant: Variant;
  readonly path: string;
  readonly cache: string;
  readonly llm: ProviderServer;
  readonly random: Random;
}

interface Ended {
  readonly kills: number;
  readonly rounds: number;
  readonly requests: number;
  readonly lostCalls: number;
  readonly measures: Variant['measures'];
  /** The rules that ended it. */
  readonly stops: readonly string[];
  readonly settledMicroUsd: number;
  /** How many answers are stored of each request: one. */
  readonly repliesOfRequests: readonly number[];
  /** All that must not depend on how often it was killed. */
  readonly outcome: unknown;
}

/** Runs a campaign to its end, labels included, and kills it up to so many times on the way. */
async function campaign(world: World, mostKills: number): Promise<Ended> {
  const { variant, path, llm } = world;
  mkdirSync(path);
  const studio = await startLabelStudio();
  writeCampaign(world, studio);
  const options = optionsIn(path, world.cache);
  const before = llm.requests.length;
  let kills = 0;
  let waits = 0;
  try {
    for (;;) {
      const run = startCli(['run', '--yes'], options);
      if (kills < mostKills && (await killSoon(run, world, studio))) kills += 1;
      else if (hasEnded(await run.ended, variant)) break;
      else waits += 1;
      assert.ok(waits <= ROUNDS, 'waited for labels more often than there are rounds');
      annotate(studio);
    }
    return { kills, ...inspect(world, studio), requests: llm.requests.length - before };
  } finally {
    await studio.close();
  }
}

/** Of a life that nothing cut off: it waits for labels, or is the campaign's last. */
function hasEnded({ code, stdout, stderr }: CliResult, { end }: Variant): boolean {
  const isLast = stdout.includes('The campaign has ended.');
  assert.equal(code, isLast ? end.code : 3, stderr);
  assert.ok(isLast || stdout.includes('Waiting for'), `neither ended nor waiting:\n${stdout}${stderr}`);
  return isLast;
}

/** @returns whether it was killed, rather than ending by itself */
async function killSoon(run: CliRun, { llm, random }: World, studio: LabelStudio): Promise<boolean> {
  const calls = () => llm.requests.length + studio.requests.length;
  const target = calls() + random.below(40);
  // Mostly at some call, sometimes at any moment.
  const end = random.below(4) === 0 ? Date.now() + random.below(LIFE_MS) : Number.POSITIVE_INFINITY;
  const isDue = () => calls() >= target || Date.now() >= end || run.process.exitCode !== null;
  await until(isDue, () => `call ${target} after ${calls()}`);
  await wait(random.below(40));
  if (run.process.exitCode !== null) return false;
  run.process.kill('SIGKILL');
  return (await run.ended).code === 'SIGKILL';
}

function writeCampaign({ variant, path, llm }: World, studio: LabelStudio): void {
  const items = Array.from({ length: ITEMS }, (_, index) => {
    const subject = SUBJECTS[index % SUBJECTS.length]!;
    return { id: `it-${index}`, instruction: `Task ${index}: explain ${'and compare '.repeat(index % 4)}${subject}.` };
  });
  writeFileSync(join(path, 'pool.jsonl'), items.map((item) => JSON.stringify(item)).join('\n'));
  writeFileSync(
    join(path, 'winnow.yaml'),
    `
pool: { files: [pool.jsonl], dedupeThreshold: 0.999 }
llm: { provider: compatible, model: chooser, baseUrl: '${llm.url}/v1', price: ${PRICE}, contextTokens: 32000 }
requests: { concurrency: ${CONCURRENCY} }
quality: { threshold: 1 }
budget: ${variant.budget}
labels: { tool: label-studio, url: '${studio.url}', project: winnow, perLabelUsd: 0.5, ${variant.labels} }
rounds:
  most: ${ROUNDS}
  ${variant.rounds}
  seed: { strategy: selectllm, count: 12, options: { itemsPerQuery: 10, perQuery: 2 } }
  necessity: { count: 9, threshold: 6, evaluate: 25, cover: facility-location }
trainer:${variant.trainer(`${llm.url}/v1`)}
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

function inspect({ variant, path }: World, studio: LabelStudio): Omit<Ended, 'kills' | 'requests'> {
  const state = new Database(join(path, 'winnow.db'), { readonly: true });
  const all = (sql: string) => state.prepare(sql).raw().all();
  const one = (sql: string) => state.prepare(sql).pluck().get() as number;
  try {
    const handedOut = studio.tasks.map(({ data }) => String(data.winnow_id));
    assert.equal(new Set(handedOut).size, handedOut.length, 'a task was pushed twice');
    if (variant.trainsByCommand) {
      const trainings = readFileSync(join(path, 'trainings.log'), 'utf8').trim().split('\n');
      assert.equal(trainings.length, one('SELECT count(*) FROM round'), 'trained once a round');
    }
    const drawn = (purpose: string) => one(`SELECT count(*) FROM drawn_item WHERE purpose = '${purpose}'`);
    const comparisons = "FROM report_figure WHERE name LIKE 'compared with chance%'";
    return {
      rounds: one('SELECT count(*) FROM round'),
      lostCalls: one("SELECT count(*) FROM outcome WHERE state = 'lost'"),
      settledMicroUsd:
        one('SELECT sum(cost_micro_usd) FROM reply') +
        one("SELECT sum(cost_micro_usd) FROM expense_outcome WHERE state = 'settled'"),
      repliesOfRequests: all(
        'SELECT count(*) FROM reply JOIN attempt ON id = attempt_id GROUP BY call_id ORDER BY 1',
      ).flat() as number[],
      measures: { test: drawn('test'), control: drawn('control'), comparisons: one(`SELECT count(*) ${comparisons}`) },
      stops: all('SELECT rule FROM stop').flat() as string[],
      outcome: {
        drawn: all('SELECT round, position, purpose, stratum, stratum_size FROM drawn_item ORDER BY round, position'),
        comparisons: all(`SELECT name, figure ${comparisons} ORDER BY name`),
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
          readFileSync(join(path, 'rounds', String(ROUNDS), 'training', name), 'utf8'),
        ),
        stop: all('SELECT rule, message FROM stop'),
      },
    };
  } finally {
    state.close();
  }
}
