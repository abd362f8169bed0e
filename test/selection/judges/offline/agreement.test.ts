import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { agreement, readJudgedPairs } from '../../../../scripts/judged-pairs.ts';
import { minilmEmbedder } from '../../../../src/models/embedders/minilm-embedder.ts';
import { NECESSITY } from '../../../../src/selection/judges/criteria.ts';
import type { JudgedItem } from '../../../../src/selection/judges/judge.ts';
import { offlineJudge } from '../../../../src/selection/judges/offline-judge.ts';

/** What the README says, in percent. */
const STATED_AGREEMENT = 78;

const FOLDER = new URL('../../../../../shared/data/', import.meta.url);
const pairs = existsSync(FOLDER) ? readJudgedPairs(FOLDER) : undefined;
if (pairs === undefined) process.stderr.write(`Skipped: the recorded reviews are not in ${FOLDER.pathname}.\n`);

const judge = offlineJudge(NECESSITY, { embedder: minilmEmbedder() });

async function scoresOf(items: readonly JudgedItem[]): Promise<number[]> {
  return (await Promise.all(items.map((item) => judge.judge(item, { subject: 'a test' })))).map(({ score }) => score);
}

function percent(values: readonly number[]): number {
  return (100 * values.reduce((sum, value) => sum + value, 0)) / values.length;
}

describe.skipIf(pairs === undefined)('on 332 pairs of answers of which GPT-4 preferred one in both orders', () => {
  const judged = pairs ?? [];
  let agreed = 0;
  beforeAll(async () => {
    const scores = await scoresOf(
      judged.flatMap(({ instruction, answers }) => answers.map((response) => ({ instruction, response }))),
    );
    agreed = percent(judged.map(({ winner }, i) => agreement(winner, [scores[2 * i]!, scores[2 * i + 1]!])));
  }, 300_000);

  it('the judge agrees as often as the README says', () => {
    expect(judged).toHaveLength(332);
    expect(Math.abs(agreed - STATED_AGREEMENT)).toBeLessThanOrEqual(1);
  });

  it('the judge agrees more often than the longer answer does', () => {
    const longer = percent(
      judged.map(({ winner, answers: [first, second] }) => agreement(winner, [first.length, second.length])),
    );
    expect(longer).toBeGreaterThan(70);
    expect(agreed).toBeGreaterThan(longer + 5);
  });
});

describe('6 of 10, on the demo pool,', () => {
  const items = readFileSync(new URL('../../../../data/pool.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { instruction: string; input?: string; output?: string })
    .flatMap(({ instruction, input, output }) =>
      output ? [{ instruction, response: output, ...(input ? { input } : {}) }] : [],
    );
  const half = Math.floor(items.length / 2);
  const dealt = items.map((item, i) => ({ ...item, response: items[(i + half) % items.length]!.response }));
  let reaching: number[] = [];
  beforeAll(async () => {
    reaching = (await scoresOf([...items, ...dealt])).map((score) => (score >= 6 ? 1 : 0));
  }, 300_000);

  it("is reached by nine in ten of the instructions' own responses", () => {
    expect(percent(reaching.slice(0, items.length))).toBeGreaterThan(90);
  });

  it('is reached by hardly any response of an instruction far away in the file', () => {
    expect(percent(reaching.slice(items.length))).toBeLessThan(5);
  });
});
