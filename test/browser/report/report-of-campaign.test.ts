import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsdBriefly, formatUsdExactly } from '../../../src/domain/money.ts';
import { report } from '../../../src/report/report.ts';
import type { CampaignLab } from '../../campaign/campaign-lab.ts';
import { playCampaign } from '../../report/played-campaign.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { cellsOf, exactCellsOf, type OpenReport, reportOpener, textOf } from './report-lab.ts';

const NONE = '–';
const NECESSITY_THRESHOLD = 7;

/** The picks of the last selection of each round, and the verdict on each item: the last answer of each person, skips last. */
const VIEWS = `WITH
  picked AS (
    SELECT pick.* FROM pick
    WHERE selection_id = (SELECT max(id) FROM selection WHERE selection.round = pick.round)
  ),
  verdict_of AS (
    SELECT position, verdict FROM (
      SELECT *, row_number() OVER (PARTITION BY position ORDER BY verdict = 'skipped', id DESC) AS place
      FROM annotation AS one
      WHERE id = (SELECT max(id) FROM annotation WHERE position = one.position AND annotator IS one.annotator)
    ) WHERE place = 1
  ),
  labeled_in AS (
    SELECT position, max(round) AS round FROM picked JOIN verdict_of USING (position) WHERE verdict = 'accepted'
    GROUP BY position
  )`;

describe.skipIf(!HAS_CHROMIUM)('the report of a campaign with all kinds of events', () => {
  const home = temporaryFolder();
  const open = reportOpener();
  let lab: CampaignLab;
  let server: ProviderServer;
  let opened: OpenReport;
  let page: Page;
  beforeAll(async () => {
    const played = await playCampaign(home);
    ({ lab, server } = played);
    const data = await report(lab.folder, { ...lab.options, clock: played.clock, nodeVersion: 'v20.20.0' });
    opened = await open(data, { timezoneId: 'UTC', viewport: { width: 1600, height: 1000 } });
    page = opened.page;
    for (const summary of await page.locator('summary').all()) await summary.click();
  });
  afterAll(() => server.close());

  function one<T>(sql: string): T {
    return Object.values(lab.rows<Record<string, T>>(`${VIEWS} ${sql}`)[0]!)[0]!;
  }
  function rows<Row>(sql: string): Row[] {
    return lab.rows<Row>(`${VIEWS} ${sql}`);
  }
  const withVerdict = (verdict: string) => one<number>(`SELECT count(*) FROM verdict_of WHERE verdict = '${verdict}'`);

  /** The change of the mean score from the previous model, over the held-out labels that both answered. */
  const gainOf = (round: number) =>
    one<number | null>(
      `SELECT avg(now.score - before.score) FROM evaluation AS now JOIN evaluation AS before USING (item_id, subset, judge)
       WHERE subset = 'held-out' AND now.round = ${round} AND before.round = ${round - 1}`,
    );
  const signed = (gain: number) => `${{ '-1': '−', '0': '', '1': '+' }[Math.sign(gain)]}${Math.abs(gain).toFixed(2)}`;

  /** Withdrawn picks, without those that were answered later or picked again. */
  const withdrawn = (round?: number) =>
    one<number>(
      `SELECT count(*) FROM withdrawal LEFT JOIN verdict_of USING (position)
       WHERE ${round === undefined ? 1 : `withdrawal.round = ${round}`} AND (verdict IS NULL OR withdrawal.round <
         (SELECT max(picked.round) FROM picked WHERE picked.position = withdrawal.position))`,
    );

  it('summarizes the database', async () => {
    const spent = one<number>(
      'SELECT (SELECT sum(cost_micro_usd) FROM reply) + sum(cost_micro_usd) FROM expense_outcome',
    );
    const heldOut = one<number>("SELECT avg(score) FROM evaluation WHERE subset = 'held-out' AND round = 2");
    // Of the first and the last model, on the instructions that both answered.
    const [same] = rows<{ first: number; last: number; count: number }>(
      `SELECT avg(before.score < ${NECESSITY_THRESHOLD}) AS first, avg(now.score < ${NECESSITY_THRESHOLD}) AS last, count(*) AS count
       FROM evaluation AS now JOIN evaluation AS before USING (item_id, subset, judge)
       WHERE subset = 'pool' AND now.round = 2 AND before.round = 1 AND now.score IS NOT NULL AND before.score IS NOT NULL`,
    );
    const counts = {
      rejected: withVerdict('rejected'),
      skipped: withVerdict('skipped'),
      awaited: one<number>(
        'SELECT count(*) FROM picked WHERE round = 3 AND position NOT IN (SELECT position FROM verdict_of)',
      ),
    };
    const [from, to] = [percent(same!.first), percent(same!.last)];
    const failureRates = from === to ? to : `${from} → to ${to}`;
    expect(await tiles(page)).toEqual([
      `Instructions ${one('SELECT count(*) FROM item')} from ${one('SELECT count(*) FROM pool_file')} pool file`,
      `Picked ${one('SELECT count(*) FROM picked')} in ${one('SELECT count(*) FROM round')} rounds`,
      `Labeled ${withVerdict('accepted')} ${counts.rejected} rejected, ${counts.skipped} skipped, ${counts.awaited} awaited, ${withdrawn()} withdrawn`,
      `Spent ${formatUsdBriefly(spent)} plus ${formatUsdBriefly(one(RESERVED))} set aside`,
      `Cost per useful label ${formatUsdBriefly(Math.round(spent / withVerdict('accepted')))} without money set aside`,
      expect.stringMatching(
        new RegExp(
          `^Failure rate ${failureRates} first and last model on the same ${same!.count} instructions of the pool; 95 % interval \\d+`,
        ),
      ),
      expect.stringMatching(
        new RegExp(
          `^Held-out score ${heldOut.toFixed(2)} out of 10 \\(.*\\), ${signed(gainOf(2)!).replace('+', '\\+')}( \\(95 %: .* items\\))? over the previous model$`,
        ),
      ),
    ]);
    expect(
      await page.locator('.tile [title]').evaluateAll((all) => all.map((exact) => exact.getAttribute('title'))),
    ).toEqual([formatUsdExactly(spent), formatUsdExactly(Math.round(spent / withVerdict('accepted')))]);
    const next = await textOf(page.locator('.next'));
    expect(next).toContain('Next: winnow annotate');
    expect(next).toContain(`${counts.awaited} labels are awaited`);
  });

  it('has the figures of every round', async () => {
    const verdicts = (verdict: string, round: number) =>
      one<number>(
        `SELECT count(*) FROM verdict_of JOIN (SELECT position, max(round) AS round FROM picked GROUP BY position) USING (position)
         WHERE verdict = '${verdict}' AND round = ${round}`,
      );
    const expected = rows<Record<string, string | number | null>>(
      `SELECT number, plan ->> 'kind' AS kind, plan ->> 'strategy' AS strategy,
         strftime('%Y-%m-%d %H:%M', round.created_at_ms / 1000, 'unixepoch') || ' UTC' AS planned,
         (SELECT count(*) FROM picked WHERE picked.round = number) AS picked, model.name AS model
       FROM round LEFT JOIN model ON model.round = number ORDER BY number`,
    ).map(({ number, kind, strategy, planned, picked, model }) => {
      const scores = (subset: string, value: string) =>
        one<number | null>(
          `SELECT ${value} FROM evaluation WHERE round = ${number} AND subset = '${subset}' AND score IS NOT NULL`,
        );
      const items = (subset: string) => scores(subset, 'count(*)')!;
      const figure = (subset: string, value: string, format: (mean: number) => string) =>
        items(subset) === 0 ? NONE : format(scores(subset, value)!);
      const failed = `avg(score < ${NECESSITY_THRESHOLD})`;
      const labeling = [
        ...[number, kind, strategy, planned, picked],
        ...['accepted', 'rejected', 'skipped'].map((verdict) => verdicts(verdict, number as number)),
        number === 3
          ? one<number>(
              'SELECT count(*) FROM picked WHERE round = 3 AND position NOT IN (SELECT position FROM verdict_of)',
            )
          : 0,
        withdrawn(number as number),
      ];
      const gain = gainOf(number as number);
      const figures = [
        ...[number, model, `${figure('pool', failed, percent)} (${items('pool')} items)`, items('held-out')],
        ...[figure('held-out', failed, percent), figure('held-out', 'avg(score)', (mean) => mean.toFixed(2))],
        gain === null ? NONE : signed(gain),
      ];
      return { labeling: labeling.map(String), model: model === null ? [] : [figures.map(String)] };
    });
    expect(expected).toHaveLength(3);
    expect(await exactCellsOf(page, 'Picks and labels by round')).toEqual(expected.map(({ labeling }) => labeling));
    // Without intervals, and without what the database does not have: the likeness of answers to people's.
    const models = (await exactCellsOf(page, 'Models by round')).map((row) => [...row.slice(0, 6), row.at(-1)!]);
    expect(
      models.map((row) => row.map((cell) => cell.replace(/(?<=\().* to .*; /, '').replace(/ \(.* to .*\)$/, ''))),
    ).toEqual(expected.flatMap(({ model }) => model));
    const failures = rows<{ cells: string }>(
      `SELECT round || ' ' || count(*) || ' ' || CAST(round(100 * avg(score < ${NECESSITY_THRESHOLD})) AS INTEGER) || ' %' AS cells FROM evaluation
       WHERE subset = 'pool' AND score IS NOT NULL GROUP BY round ORDER BY round`,
    );
    expect((await cellsOf(page, 'Failure rate by round')).map((row) => row.slice(0, 3).join(' '))).toEqual(
      failures.map(({ cells }) => cells),
    );
  });

  it('has all costs by kind and round, exactly', async () => {
    const costs = rows<{ round: number; kind: string; cost: number; calls: number; input: number; output: number }>(
      `SELECT (SELECT max(number) FROM round WHERE created_at_ms <= started_at_ms) AS round, kind,
         sum(cost_micro_usd) AS cost, count(*) AS calls, sum(input_tokens) AS input, sum(output_tokens) AS output
       FROM attempt JOIN call ON call.id = call_id JOIN reply ON attempt_id = attempt.id GROUP BY 1, 2
       UNION ALL SELECT
           (SELECT max(number) FROM picked JOIN round ON number = picked.round
             WHERE picked.position = annotation.position AND round.created_at_ms <= label_import.created_at_ms),
           'labels', sum(annotation.cost_micro_usd), 0, 0, 0
         FROM annotation JOIN label_import ON label_import.id = import_id GROUP BY 1
       UNION ALL SELECT round, 'training', cost_micro_usd, 0, 0, 0 FROM model ORDER BY 1, 2`,
    );
    const counted = (value: number) => (value === 0 ? NONE : value.toLocaleString('en-US'));
    expect(await exactCellsOf(page, 'Cost by kind and round')).toEqual(
      costs.map(({ round, kind, cost, calls, input, output }) => [
        String(round),
        KINDS[kind],
        formatUsdExactly(cost),
        // All awaited labels belong to the last round.
        formatUsdExactly(kind === 'labels' && round === 3 ? one(RESERVED) : 0),
        ...[calls, input, output].map(counted),
      ]),
    );
    const until = (round: number) => costs.filter((row) => row.round <= round).reduce((sum, row) => sum + row.cost, 0);
    expect(await exactCellsOf(page, 'Cost per useful label')).toEqual(
      [1, 2, 3].map((round) => {
        const useful = one<number>(`SELECT count(*) FROM labeled_in WHERE round <= ${round}`);
        const each = formatUsdExactly(Math.round(until(round) / useful));
        return [String(round), formatUsdExactly(until(round)), String(useful), each];
      }),
    );
    const isExpense = (kind: string) => kind === 'labels' || kind === 'training';
    const spentFor = (isOne: (kind: string) => boolean) =>
      formatUsdExactly(costs.filter(({ kind }) => isOne(kind)).reduce((sum, { cost }) => sum + cost, 0));
    expect((await exactCellsOf(page, 'Accounts')).map((row) => row.slice(0, 4))).toEqual([
      ['LLM calls', spentFor((kind) => !isExpense(kind)), '$0.00', '$50.00'],
      ['labels', spentFor((kind) => kind === 'labels'), formatUsdExactly(one(RESERVED)), '$60.00'],
      ['training', spentFor((kind) => kind === 'training'), '$0.00', 'none'],
      ['total', spentFor(() => true), formatUsdExactly(one(RESERVED)), '$100.00'],
    ]);
  });

  it('lists every pick with its reason, its state and who answered', async () => {
    const picks = rows<Record<'text' | 'id' | 'state' | 'people' | 'strategy' | 'reason', string> & Pick>(
      `SELECT round, rank, instruction_id AS id, reason, picked.score, cost_micro_usd AS cost,
         strategy || ', ' || model AS strategy, instruction || ' ' || coalesce(input, '') AS text,
         CASE
           WHEN verdict IS NOT NULL AND round = (SELECT max(round) FROM picked AS later WHERE later.position = picked.position)
             THEN replace(verdict, 'accepted', 'labeled')
           WHEN EXISTS (SELECT * FROM withdrawal WHERE (withdrawal.round, withdrawal.position) = (picked.round, picked.position))
             THEN 'withdrawn' ELSE 'awaited' END AS state,
         (SELECT group_concat(annotator, ', ') FROM (SELECT annotator FROM annotation
           WHERE annotation.position = picked.position GROUP BY annotator ORDER BY min(id))) AS people,
         (SELECT score FROM evaluation WHERE item_id = instruction_id AND subset = 'pool' AND evaluation.round < picked.round
           ORDER BY evaluation.round DESC LIMIT 1) AS necessity
       FROM picked JOIN item USING (position) LEFT JOIN verdict_of USING (position) ORDER BY round, rank`,
    );
    const shown = await exactCellsOf(page, 'Picks');
    expect(shown.map(([round, rank, , ...rest]) => [round, rank, ...rest])).toEqual(
      picks.map(({ round, rank, reason, state, people, necessity, strategy, score, cost }) => [
        ...[round, rank, reason, state].map(String),
        state === 'withdrawn' ? NONE : (people ?? NONE),
        ...[necessity, strategy].map((value) => String(value ?? NONE)),
        score === null ? NONE : score.toFixed(Number.isInteger(score) ? 0 : 3),
        formatUsdExactly(cost),
      ]),
    );
    for (const [index, { text, id }] of picks.entries()) {
      const [excerpt, ending] = shown[index]![2]!.split(` ${id}`);
      expect(ending).toBe('');
      expect(text.replace(/\s+/g, ' ')).toContain(excerpt!.replace(/…$/, ''));
    }
    expect(new Set(picks.map(({ state }) => state)).size).toBe(5);
  });

  it('has everything that is needed to repeat the campaign', async () => {
    const facts = await page.locator('.facts > div').allInnerTexts();
    expect(facts.map((fact) => fact.replace(/\s+/g, ' '))).toEqual([
      `winnow ${one('SELECT winnow_version FROM run')}`,
      'Node.js v20.20.0',
      `winnow.db schema ${lab.rows<{ user_version: number }>('PRAGMA user_version')[0]!.user_version}`,
      'Seed 0',
      'Embedder minilm/all-MiniLM-L6-v2',
    ]);
    expect(await page.locator('#provenance pre').textContent()).toBe(lab.read('winnow.yaml'));
    const cells = (sql: string) => rows<object>(sql).map((row) => Object.values(row).map(String));
    expect(await exactCellsOf(page, 'Pool files')).toEqual(
      cells('SELECT path, records, added, bad_records, content_hash FROM pool_file'),
    );
    expect(await exactCellsOf(page, 'Planned rounds')).toEqual(
      cells(`SELECT number, plan ->> 'seed', plan ->> 'strategy', plan -> 'options' FROM round ORDER BY number`),
    );
    expect(await exactCellsOf(page, 'Models used')).toEqual(
      cells(
        `SELECT reply.model, kind, count(*) FROM reply JOIN attempt ON attempt.id = attempt_id
         JOIN call ON call.id = call_id GROUP BY kind, reply.model ORDER BY kind, reply.model`,
      ).map(([model, kind, calls]) => [model, KINDS[kind!], calls]),
    );
    expect(await exactCellsOf(page, 'Label sources')).toEqual(
      cells(
        `SELECT source, tool, strftime('%Y-%m-%d %H:%M', created_at_ms / 1000, 'unixepoch') || ' UTC'
         FROM label_import ORDER BY id`,
      ),
    );
    const judge = one<string>('SELECT judge FROM evaluation');
    const prompts = await exactCellsOf(page, 'Prompts');
    expect(judge).toContain(prompts.find(([id]) => id === 'judge-necessity')![2]!.slice(0, 12));
  });

  it('shows the status of every instruction on the map, and sends no requests', async () => {
    const counts = Object.fromEntries(
      (await page.locator('.map-legend .toggle').allInnerTexts()).map((text) => text.split(/\s+/)),
    );
    expect(counts).toMatchObject({
      labeled: String(withVerdict('accepted')),
      rejected: String(withVerdict('rejected')),
      skipped: String(withVerdict('skipped')),
    });
    expect(await textOf(page.locator('#map'))).toContain(
      `The map shows all ${one('SELECT count(*) FROM item')} instructions.`,
    );
    expect({ problems: opened.problems, requests: opened.requests }).toEqual({ problems: [], requests: [] });
  });
});

const RESERVED = `SELECT sum(worst_case_micro_usd) FROM expense WHERE id NOT IN (SELECT expense_id FROM expense_outcome)`;

/** The names of kinds of calls and expenses. */
const KINDS: Readonly<Record<string, string>> = {
  choose: 'choosing',
  'judge-necessity': 'judging answers',
  answer: 'model answers',
  labels: 'labels',
  training: 'training',
};

interface Pick {
  readonly round: number;
  readonly rank: number;
  readonly score: number | null;
  readonly necessity: number | null;
  readonly cost: number;
}

async function tiles(page: Page): Promise<string[]> {
  return Promise.all((await page.locator('.tile').all()).map(textOf));
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
