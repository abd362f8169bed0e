import { mkdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ITEM_FATES } from '../../src/report/pool-figures.ts';
import { report } from '../../src/report/report.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import type { CampaignLab } from '../campaign/campaign-lab.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { playCampaign } from './played-campaign.ts';

const home = temporaryFolder();
let lab: CampaignLab;
let server: ProviderServer;
let data: ReportData;
beforeAll(async () => {
  const played = await playCampaign(home);
  ({ lab, server } = played);
  data = await report(lab.folder, { ...lab.options, clock: played.clock, nodeVersion: 'v20.20.0' });
});
afterAll(() => server.close());

/** The last selection of each round, and the verdict on each item: the last answer of each person, skips last. */
const VIEWS = `WITH
  picked AS (
    SELECT pick.*, pick.round AS r FROM pick JOIN selection ON selection.id = pick.selection_id
    WHERE selection.id IN (SELECT max(id) FROM selection GROUP BY round)
  ),
  last_answer AS (SELECT max(id) AS id FROM annotation GROUP BY position, annotator),
  verdict_of AS (
    SELECT position, verdict, max((verdict <> 'skipped') * 1000000 + annotation.id)
    FROM annotation JOIN last_answer USING (id) GROUP BY position
  ),
  last_pick AS (SELECT position, max(r) AS r FROM picked GROUP BY position)`;

function one<T>(sql: string): T {
  return Object.values(lab.rows<Record<string, T>>(sql)[0]!)[0]!;
}

describe('the headline', () => {
  test('counts the items of the database', () => {
    const withVerdict = (verdict: string) =>
      one<number>(`${VIEWS} SELECT count(*) FROM verdict_of WHERE verdict = '${verdict}'`);
    expect(data.headline).toMatchObject({
      instructions: one('SELECT count(*) FROM item'),
      poolFiles: one('SELECT count(DISTINCT path) FROM pool_file'),
      rounds: one('SELECT count(*) FROM round'),
      picked: one(`${VIEWS} SELECT count(*) FROM picked`),
      labeled: withVerdict('accepted'),
      rejected: withVerdict('rejected'),
      skipped: withVerdict('skipped'),
      awaited: one(
        `${VIEWS} SELECT count(*) FROM picked WHERE r = 3 AND position NOT IN (SELECT position FROM annotation)`,
      ),
    });
    expect(data.headline.labeled).toBeGreaterThan(5);
    expect(data.headline.rejected).toBeGreaterThan(1);
    expect(data.headline.skipped).toBeGreaterThan(1);
    expect(data.headline.awaited).toBe(4);
  });

  test('has the exact amount spent and the cost of a useful label', () => {
    const settled =
      one<number>('SELECT sum(cost_micro_usd) FROM reply') +
      one<number>('SELECT sum(cost_micro_usd) FROM expense_outcome');
    const reserved = one<number>(
      'SELECT sum(worst_case_micro_usd) FROM expense WHERE id NOT IN (SELECT expense_id FROM expense_outcome)',
    );
    const { spentMicroUsd, reservedMicroUsd, microUsdPerUsefulLabel, labeled } = data.headline;
    expect([spentMicroUsd, reservedMicroUsd]).toEqual([settled, reserved]);
    expect(reserved).toBeGreaterThan(0);
    expect(microUsdPerUsefulLabel).toBe(Math.round(settled / labeled));
  });

  test('compares the first evaluated model with the last, and has the next command', () => {
    const outcomes = lab.rows<{ heldOut: number; gain: number }>(
      `SELECT details ->> 'heldOutScore' AS heldOut,
              details ->> 'improvement' AS gain
       FROM step WHERE name = 'find-failures' ORDER BY round`,
    );
    expect(outcomes).toHaveLength(2);
    const both = lab.rows<{ first: number; last: number }>(
      `SELECT a.score < 7 AS first, b.score < 7 AS last
       FROM evaluation AS a JOIN evaluation AS b USING (subset, item_id)
       WHERE a.round = 1 AND b.round = 2 AND subset = 'pool' AND a.score IS NOT NULL AND b.score IS NOT NULL`,
    );
    const share = (key: 'first' | 'last') => both.filter((row) => row[key] === 1).length / both.length;
    const { failureRate } = data.headline;
    expect(failureRate).toMatchObject({ on: 'pool', count: both.length });
    expect(failureRate!.first).toBeCloseTo(share('first'), 12);
    expect(failureRate!.last).toBeCloseTo(share('last'), 12);
    expect(failureRate!.change!.mean).toBeCloseTo(share('last') - share('first'), 12);
    expect(failureRate!.interval.low).toBeLessThan(failureRate!.last);
    expect(data.headline.heldOutScore).toBe(outcomes[1]!.heldOut);
    expect(data.headline.gain).toBe(outcomes[1]!.gain);
    expect(data.headline.stop).toBeNull();
    expect(data.headline.next.because).toContain('4 labels are awaited');
    expect(data.campaign).toMatchObject({ name: 'played', begunAtMs: one('SELECT created_at_ms FROM run') });
  });
});

describe('rounds', () => {
  test('have the figures of the evaluations in the database, without unjudged answers', () => {
    for (const round of data.rounds.slice(0, 2)) {
      const where = `round = ${round.number} AND subset = 'pool' AND score IS NOT NULL`;
      const evaluated = one<number>(`SELECT count(*) FROM evaluation WHERE ${where}`);
      const failures = one<number>(`SELECT count(*) FROM evaluation WHERE ${where} AND score < 7`);
      expect(round).toMatchObject({
        evaluated,
        failures,
        failureRate: failures / evaluated,
        threshold: 7,
        model: 'seed',
      });
      expect(round.poolScore).toBeCloseTo(one(`SELECT avg(score) FROM evaluation WHERE ${where}`), 10);
      const heldOut = `SELECT avg(score) FROM evaluation WHERE round = ${round.number} AND subset = 'held-out'`;
      expect(round.heldOutScore).toBeCloseTo(one(heldOut), 10);
      const scored = one<number>(
        `SELECT count(score) FROM evaluation WHERE round = ${round.number} AND subset = 'held-out'`,
      );
      const interval = round.test?.score.interval ?? null;
      expect(interval !== null, `${scored} scores`).toBe(scored >= 2);
      if (interval === null) continue;
      const { low, high } = interval;
      expect(low).toBeGreaterThanOrEqual(1);
      expect(high).toBeLessThanOrEqual(10);
      // Where all scores are the same, it is that score.
      expect((low - round.heldOutScore!) * (high - round.heldOutScore!)).toBeLessThanOrEqual(0);
    }
    expect(data.rounds[1]!.test!.score.interval).not.toBeNull();
    expect(one<number>(`SELECT count(*) FROM evaluation WHERE score IS NULL`)).toBeGreaterThan(0);
  });

  test('have their plans, and null for what is not done yet', () => {
    expect(data.rounds.map(({ kind, strategy, plannedAtMs }) => ({ kind, strategy, plannedAtMs }))).toEqual(
      lab.rows(
        `SELECT plan ->> 'kind' AS kind, plan ->> 'strategy' AS strategy, created_at_ms AS plannedAtMs
         FROM round ORDER BY number`,
      ),
    );
    expect(data.rounds[2]).toMatchObject({ model: null, failureRate: null, test: null, awaited: 4 });
    expect(data.rounds.map(({ picked }) => picked)).toEqual(
      lab.rows<{ n: number }>(`${VIEWS} SELECT count(*) AS n FROM picked GROUP BY r ORDER BY r`).map(({ n }) => n),
    );
    expect(data.rounds.map(({ labeled }) => labeled)).toEqual(
      [1, 2, 3].map((round) =>
        one(
          `${VIEWS} SELECT count(*) FROM verdict_of JOIN last_pick USING (position) WHERE verdict = 'accepted' AND r = ${round}`,
        ),
      ),
    );
  });
});

describe('spending', () => {
  test('adds up exactly to the accounts and to the ledger', () => {
    const { accounts, byKindAndRound } = data.spending;
    const sum = (kinds: (kind: string) => boolean, key: 'settledMicroUsd' | 'reservedMicroUsd') =>
      byKindAndRound.filter(({ kind }) => kinds(kind)).reduce((total, row) => total + row[key], 0);
    const isExpense = (kind: string) => kind === 'labels' || kind === 'training';
    for (const key of ['settledMicroUsd', 'reservedMicroUsd'] as const) {
      expect(accounts.map((account) => account[key])).toEqual([
        sum((kind) => !isExpense(kind), key),
        sum((kind) => kind === 'labels', key),
        sum((kind) => kind === 'training', key),
        sum(() => true, key),
      ]);
    }
    expect(accounts.map(({ account, capMicroUsd }) => [account, capMicroUsd])).toEqual([
      ['llm', 50_000_000],
      ['labels', 60_000_000],
      ['training', null],
      ['total', 100_000_000],
    ]);
    expect(accounts[0]!.settledMicroUsd).toBe(one('SELECT sum(cost_micro_usd) FROM reply'));
    expect(accounts[1]!.settledMicroUsd).toBe(one('SELECT sum(cost_micro_usd) FROM annotation'));
    expect(accounts[2]!.settledMicroUsd).toBe(one('SELECT sum(cost_micro_usd) FROM model'));
  });

  test('assigns calls to the last round planned before them, and labels and training to their round', () => {
    const calls = lab.rows(
      `SELECT kind, (SELECT max(number) FROM round WHERE created_at_ms <= started_at_ms) AS round,
         sum(cost_micro_usd) AS settledMicroUsd, count(*) AS calls,
         sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens
       FROM attempt JOIN call ON call.id = call_id JOIN reply ON attempt_id = attempt.id
       GROUP BY 1, 2 ORDER BY 2, 1`,
    );
    expect(data.spending.byKindAndRound.filter(({ calls }) => calls > 0)).toEqual(
      calls.map((row) => ({ ...(row as object), reservedMicroUsd: 0 })),
    );
    // A label that arrives after its round has continued belongs to that round, unless its item was picked again since.
    const labels = lab.rows<{ round: number; cost: number }>(
      `${VIEWS} SELECT
         (SELECT max(number) FROM picked JOIN round ON number = r
           WHERE picked.position = annotation.position AND round.created_at_ms <= label_import.created_at_ms) AS round,
         sum(annotation.cost_micro_usd) AS cost
       FROM annotation JOIN label_import ON label_import.id = import_id GROUP BY 1 ORDER BY 1`,
    );
    expect(
      data.spending.byKindAndRound
        .filter(({ kind }) => kind === 'labels')
        .map(({ round, settledMicroUsd }) => ({
          round,
          cost: settledMicroUsd,
        })),
    ).toEqual(labels);
  });

  test('per useful label ends at the figure of the headline', () => {
    const last = data.spending.perUsefulLabel.at(-1)!;
    expect(last).toEqual({
      round: 3,
      spentMicroUsd: data.headline.spentMicroUsd,
      usefulLabels: data.headline.labeled,
      microUsdPerLabel: data.headline.microUsdPerUsefulLabel,
    });
    const useful = data.spending.perUsefulLabel.map(({ usefulLabels }) => usefulLabels);
    expect(useful).toEqual(useful.toSorted((a, b) => a - b));
  });
});

describe('scores', () => {
  test('of each round and subset include every judgment, and count missing ones', () => {
    const rows = lab.rows<{ round: number; subset: string; scored: number; unscored: number }>(
      `SELECT round, subset, count(score) AS scored, sum(score IS NULL) AS unscored FROM evaluation
       GROUP BY round, subset ORDER BY round, subset DESC`,
    );
    const shown = data.scores.filter(({ title }) => title.startsWith('Necessity'));
    expect(
      shown.map(({ title, bins, unscored }) => ({ title, scored: bins.reduce((a, b) => a + b), unscored })),
    ).toEqual(
      rows.map(({ round, subset, ...counts }) => ({ title: `Necessity, round ${round} (${subset})`, ...counts })),
    );
    const below = one<number>(`SELECT count(*) FROM evaluation WHERE round = 1 AND subset = 'pool' AND score < 4`);
    expect(shown[0]!.bins.slice(0, 3).reduce((a, b) => a + b)).toBe(below);
    expect(shown[0]!.threshold).toBe(7);
  });

  test('of picks include every pick of the round', () => {
    const shown = data.scores.filter(({ title }) => title.startsWith('Picks'));
    expect(shown.map(({ bins }) => bins.reduce((a, b) => a + b))).toEqual(data.rounds.map(({ picked }) => picked));
    for (const { from, to } of shown) expect(from).toBeLessThan(to);
  });
});

test('agreement is computed over the votes of each query, and over people who answered the same item', () => {
  const rows = lab.rows<{ round: number; queries: number; mean: number }>(
    `SELECT round, count(agreement) AS queries, avg(agreement) AS mean FROM query_result GROUP BY round`,
  );
  expect(data.llmAgreement!.byRound.map(({ round, queries }) => ({ round, queries }))).toEqual(
    rows.map(({ round, queries }) => ({ round, queries })),
  );
  for (const [index, { mean }] of data.llmAgreement!.byRound.entries()) expect(mean).toBeCloseTo(rows[index]!.mean, 10);
  expect(data.llmAgreement!.bins.reduce((a, b) => a + b)).toBe(data.llmAgreement!.queries);
  expect(data.llmAgreement!.mean).toBeLessThan(1);
  // Ann and bob on two items, one of which cid rejected.
  expect(data.peopleAgreement).toMatchObject({ items: 2, disputed: 1 });
});

describe('picks', () => {
  test('are complete, with reasons, costs and the judge’s last earlier score', () => {
    const rows = lab.rows<object>(
      `${VIEWS} SELECT picked.r AS round, rank, instruction_id AS id, picked.position, picked.reason, strategy, picked.score,
         model, cost_micro_usd AS costMicroUsd,
         (SELECT score FROM evaluation WHERE evaluation.item_id = instruction_id AND subset = 'pool'
          AND evaluation.round < picked.r ORDER BY evaluation.round DESC LIMIT 1) AS necessity
       FROM picked ORDER BY picked.r, rank`,
    );
    expect(data.picks.map(({ excerpt: _, state: __, annotators: ___, ...pick }) => pick)).toEqual(rows);
    expect(data.picks.filter(({ round }) => round > 1).every(({ necessity }) => necessity !== null)).toBe(true);
  });

  test('have the state of each item, and who answered', () => {
    const verdicts = new Map(
      lab
        .rows<{ position: number; verdict: string }>(`${VIEWS} SELECT position, verdict FROM verdict_of`)
        .map(({ position, verdict }) => [position, verdict === 'accepted' ? 'labeled' : verdict]),
    );
    const withdrawn = lab.rows<{ round: number; position: number }>('SELECT round, position FROM withdrawal');
    expect(withdrawn).toHaveLength(2);
    for (const { round, position, state, annotators } of data.picks) {
      const pickedLater = data.picks.some((other) => other.position === position && other.round > round);
      const isWithdrawn = withdrawn.some((one) => one.round === round && one.position === position);
      const expected = (pickedLater ? undefined : verdicts.get(position)) ?? (isWithdrawn ? 'withdrawn' : 'awaited');
      expect(state, `${round} ${position}`).toBe(expected);
      const people = lab.rows<{ annotator: string }>(
        `SELECT annotator FROM annotation WHERE position = ${position} GROUP BY annotator ORDER BY min(id)`,
      );
      expect(annotators).toEqual(state === 'withdrawn' ? [] : people.map(({ annotator }) => annotator));
    }
    expect(new Set(data.picks.map(({ state }) => state)).size).toBe(5);
  });
});

test('the map shows the status of every item', () => {
  const { map } = data;
  expect(map!.position).toEqual(
    lab.rows<{ position: number }>('SELECT position FROM item ORDER BY position').map((row) => row.position),
  );
  const fates = map!.fate.map((fate) => ITEM_FATES[fate]);
  const count = (fate: string) => fates.filter((one) => one === fate).length;
  const { labeled, rejected, skipped, awaited } = data.headline;
  expect(['labeled', 'rejected', 'skipped', 'selected'].map(count)).toEqual([labeled, rejected, skipped, awaited]);
  const failed = one<number>(
    `${VIEWS} SELECT count(*) FROM evaluation JOIN item ON item.id = item_id WHERE score < 7 AND subset = 'pool'
     AND evaluation.round = (SELECT max(round) FROM evaluation AS later
       WHERE later.item_id = evaluation.item_id AND score IS NOT NULL)
     AND position NOT IN (SELECT position FROM annotation)
     AND position NOT IN (SELECT position FROM picked WHERE r = 3)`,
  );
  expect(count('failed')).toBe(failed);
  expect(failed).toBeGreaterThan(0);
  const last = new Map(data.picks.map(({ position, round }) => [position, round]));
  expect(map!.round).toEqual(map!.position.map((position) => last.get(position) ?? 0));
  expect(map!.clusters.reduce((sum, { items }) => sum + items, 0)).toBe(data.headline.instructions);
});

test('provenance has everything that is needed to repeat the campaign', () => {
  const { provenance } = data;
  expect(provenance).toMatchObject({
    nodeVersion: 'v20.20.0',
    seed: 0,
    schemaVersion: one('PRAGMA user_version'),
    config: lab.read('winnow.yaml'),
    winnowVersion: one('SELECT winnow_version FROM run'),
    embedder: 'minilm/all-MiniLM-L6-v2',
  });
  expect(provenance.poolFiles).toEqual(
    lab.rows(
      `SELECT path, content_hash AS sha256, records, added, bad_records AS badRecords FROM pool_file ORDER BY id`,
    ),
  );
  expect(provenance.roundPlans.map(({ seed }) => seed)).toEqual(
    lab.rows<{ seed: number }>(`SELECT plan ->> 'seed' AS seed FROM round`).map(({ seed }) => seed),
  );
  expect(provenance.roundPlans[0]!.options).toMatchObject({ votes: 3 });
  expect(provenance.models).toEqual(
    lab.rows(
      `SELECT reply.model, kind, count(*) AS calls FROM reply JOIN attempt ON attempt.id = attempt_id
       JOIN call ON call.id = call_id GROUP BY kind, reply.model ORDER BY kind || ' ' || reply.model`,
    ),
  );
  expect(provenance.prompts.map(({ id }) => id)).toEqual(['judge-necessity', 'repair', 'select']);
  const judge = one<string>('SELECT judge FROM evaluation');
  expect(judge).toContain(provenance.prompts[0]!.sha256.slice(0, 12));
  expect(provenance.imports).toEqual(
    lab.rows(`SELECT source, tool, min(created_at_ms) AS atMs FROM label_import GROUP BY source ORDER BY min(id)`),
  );
});

describe('prompts', () => {
  const withOwn = async (change: (prompt: string) => string) => {
    const config = lab.read('winnow.yaml');
    const prompt = readFileSync(new URL('../../prompts/judge-necessity.md', import.meta.url), 'utf8');
    mkdirSync(lab.path('own'), { recursive: true });
    lab.write('own/judge-necessity.md', change(prompt));
    lab.write('winnow.yaml', `${config}requests: { prompts: own }\n`);
    try {
      return await report(lab.folder, lab.options);
    } finally {
      lab.write('winnow.yaml', config);
    }
  };

  test('that have changed since answers were judged are in a note, with the rounds', async () => {
    const { notes, provenance } = await withOwn((prompt) => `${prompt}\nBe strict.\n`);
    const [before, after] = [data.provenance.prompts[0]!, provenance.prompts[0]!];
    expect(after.id).toBe(before.id);
    expect(after.sha256).not.toBe(before.sha256);
    expect(data.notes).toEqual([]);
    expect(notes).toEqual([
      expect.stringContaining(`rounds 1, 2 were judged with judge-necessity version ${before.version}`),
    ]);
    expect(notes[0]).toContain(before.sha256.slice(0, 12));
  });

  test('that cannot be read are in a note, and the report is complete otherwise', async () => {
    const { notes, provenance, headline } = await withOwn(() => 'no front matter');
    expect(provenance.prompts).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('The prompts cannot be listed')]);
    expect(headline).toEqual(data.headline);
  });
});
