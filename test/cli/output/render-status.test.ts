import { stripVTControlCharacters as plain } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { RoundStatus } from '../../../src/campaign/status.ts';
import { renderStatus, type ShownStatus } from '../../../src/cli/output/render-status.ts';
import { textWidth } from '../../../src/cli/output/text-width.ts';

const account = (settledMicroUsd: number, reservedMicroUsd: number) => ({ settledMicroUsd, reservedMicroUsd });

function round(number: number, failureRate: number | null, counts: Partial<RoundStatus>): RoundStatus {
  return {
    number,
    kind: number === 1 ? 'seed' : 'necessity',
    strategy: number === 1 ? 'selectllm' : 'facility-location',
    adapted: null,
    planned: 12,
    selected: 12,
    labeled: 12,
    rejected: 0,
    skipped: 0,
    awaited: 0,
    model: failureRate === null ? null : `nearest-neighbour-r${number}`,
    outcome:
      failureRate === null
        ? null
        : {
            round: number,
            model: `nearest-neighbour-r${number}`,
            unjudged: 0,
            comparedOn: 'held-out',
            failures: Math.round(failureRate * 1200),
            evaluated: 1200,
            failureRate,
            threshold: 6,
            poolScore: 4.92,
            heldOutScore: 4.6,
            testScore: null,
            improvement: number === 1 ? null : 1.53,
            gain: number === 1 ? null : { count: 40, mean: 1.53, interval: { low: 1.13, high: 1.93 } },
            coverageRadius: 1.375,
            instructions: 2981,
            figures: {
              test: null,
              poolScore: null,
              changes:
                number === 1
                  ? []
                  : [
                      {
                        ...{ since: 1, on: 'pool', count: 900, before: 0.65, after: 0.61 },
                        failureRate: { count: 900, mean: -0.04, interval: { low: -0.07, high: -0.01 } },
                        score: { count: 900, mean: 0.3, interval: { low: 0.2, high: 0.4 } },
                      },
                    ],
            },
          },
    ...counts,
  };
}

const STATUS: ShownStatus = {
  folder: '/data/campaign',
  pool: { files: [{ path: 'pool.jsonl', records: 2996, added: 2981 }], instructions: 2981 },
  rounds: [
    round(1, 0.65, { planned: 24, selected: 24, labeled: 21, rejected: 1, skipped: 2 }),
    round(2, 0.6, { labeled: 11, rejected: 1 }),
    round(3, null, { labeled: 4, awaited: 8 }),
  ],
  labels: {
    labeled: 36,
    rejected: 2,
    skipped: 2,
    awaited: 8,
    agreement: { items: 4, wordF1: 0.62, disputed: 0 },
    people: [],
  },
  judges: [],
  selection: null,
  spending: {
    llm: account(1_250_000, 0),
    labels: { ...account(14_800_000, 3_200_000), settledLabels: 40, reservedLabels: 8 },
    training: account(0, 0),
    total: account(16_050_000, 3_200_000),
  },
  caps: { labels: 60, llmMicroUsd: 1_300_000, totalMicroUsd: 40_000_000 },
  room: {
    labels: 12,
    llmMicroUsd: 50_000,
    labelMicroUsd: 20_750_000,
    trainingMicroUsd: 20_750_000,
    totalMicroUsd: 20_750_000,
  },
  next: { step: 'wait-for-labels', round: 3 },
  command: {
    line: 'winnow annotate',
    because: '8 labels are awaited: annotate in the browser',
  },
  alternatives: [
    { line: 'winnow import <file>', because: 'imports rounds/3/tasks.jsonl, filled in' },
    { line: 'winnow next --go-on', because: 'continues without the missing labels' },
  ],
  stop: null,
  notes: [],
};

const shown = (status: ShownStatus, width: number, exact = false) => plain(renderStatus(status, { width, exact }));

describe('status', () => {
  it('shows in 80 columns where a campaign stands, how it came there and what to type next', () => {
    expect(`\n${shown(STATUS, 80)}`).toBe(`
Round 3 waits for 8 of 12 labels, $16.05 spent, $3.20 set aside
/data/campaign
  pool       2,981 instructions from pool.jsonl
  labels     36 labeled, 2 rejected, 2 skipped, 8 awaited; 12 more allowed
  agreement  62 % of words shared, over 4 items
  fails at   60 % of 1,200 instructions of the pool (95 %: 57–63 %)
             65 → 61 % since round 1, on the same 900 (−7 to −1 points)

Rounds
  round  strategy           labels in             labeled  rejected  skipped
      1  selectllm          ██████████  24 of 24       21         1        2
      2  facility-location  ██████████  12 of 12       11         1        0
      3  facility-location  ███░░░░░░░   4 of 12        4         0        0

Seed models on the pool of each round (scores 1 to 10, ± 95 %)
  round  model            fails at             95 %     of          gain  radius
      1  nearest-neighb…  ██████▌   65.0 %  62–68 %  1,200             –   1.375
      2  nearest-neighb…  ██████    60.0 %  57–63 %  1,200  +1.53 ± 0.40   1.375

Money
  account     spent  set aside    left
  LLM calls   $1.25      $0.00   $0.05
  labels     $14.80      $3.20  $20.75
  training    $0.00      $0.00  $20.75
  total      $16.05      $3.20  $20.75

Caps: █ used, ▒ set aside
  labels        █████████████▒▒▒░░░░          48 of 60  80 %
  on LLM calls  ███████████████████░    $1.25 of $1.30  96 %
  in all        ████████▒▒░░░░░░░░░░  $19.25 of $40.00  48 %

Next  winnow annotate
      8 labels are awaited: annotate in the browser
or    winnow import <file>
      imports rounds/3/tasks.jsonl, filled in
or    winnow next --go-on
      continues without the missing labels
`);
  });

  it('tells the last rates that are known where the last model had nothing to fail at', () => {
    const last = round(3, 0.5, {});
    const nothing = { ...last, outcome: { ...last.outcome!, failureRate: null, failures: 0, evaluated: 0 } };
    const text = shown({ ...STATUS, rounds: [...STATUS.rounds.slice(0, 2), nothing] }, 80);
    expect(text).toContain('\n  fails at   60 % of 1,200 instructions of the pool (95 %: 57–63 %)\n');
  });

  it('has room for more in 120 columns, and says less in 40', () => {
    const wide = shown(STATUS, 120);
    expect(wide).toMatch(/\n +round +kind +strategy +labels in/);
    expect(wide).toMatch(/65\.0 % +62–68 % +1,200/);
    const narrow = shown(STATUS, 40);
    expect(narrow).toMatch(/\n +1 +selectllm +24 of 24 +21\n/);
    expect(narrow).toMatch(/\n +labels +48 of 60 +80 %\n/);
  });

  it.each([40, 80, 120, 200])('draws no table wider than %i columns', (width) => {
    for (const exact of [false, true]) {
      const sections = shown(STATUS, width, exact).split('\n\n').slice(1);
      const rows = sections.flatMap((section) => section.split('\n').slice(1));
      // Money to the micro-dollar is never cut.
      const fitting = rows.filter((row) => !(width === 40 && exact) || !row.includes('$'));
      for (const row of fitting) if (!/account/.test(row)) expect(textWidth(row)).toBeLessThanOrEqual(width);
    }
  });

  it('begins with nothing, and ends with why', () => {
    const empty = { ...STATUS, rounds: [], caps: {}, room: {}, pool: { files: [], instructions: 0 } };
    expect(shown(empty, 80)).toMatch(/^Not started.*\n.*\n +pool +not read yet\n/);
    expect(shown(empty, 80)).not.toMatch(/Rounds|Seed models|Caps/);
    const stop = { rule: 'most-rounds', message: '3 of 3 rounds are done.' } as const;
    const alternatives = [{ line: 'winnow report', because: 'shows what it did' }];
    const ended = shown({ ...STATUS, stop, next: { step: 'stop', round: 3, stop }, alternatives }, 80);
    expect(ended).toMatch(/^Ended after 3 rounds, /);
    expect(ended).toMatch(/\nEnded {2}3 of 3 rounds are done\.\nNext {3}winnow report\n {7}shows what it did\n$/);
    expect(ended).not.toContain('winnow annotate');
  });

  it('breaks its headline where it is too long, and the path of the folder never', () => {
    const folder = `/data/${'a long name/'.repeat(9)}`;
    const money = { settledMicroUsd: 987_654_321_987, reservedMicroUsd: 123_456_789_123 };
    const spending = { ...STATUS.spending, total: money };
    const [first, second, third] = shown({ ...STATUS, folder, spending }, 60).split('\n');
    expect([first, second]).toEqual(['Round 3 waits for 8 of 12 labels, $987,654.32 spent,', '$123,456.79 set aside']);
    expect(third).toBe(folder);
  });

  it('says of money only what its caps say while none is gone, unless every cent is asked for', () => {
    const free = { ...STATUS.spending, total: account(0, 0) };
    expect(shown({ ...STATUS, spending: free }, 80)).not.toMatch(/^Money$/m);
    expect(shown({ ...STATUS, spending: free }, 80)).toMatch(/^Caps/m);
    expect(shown({ ...STATUS, spending: free }, 80, true)).toMatch(/^Money$/m);
  });

  it('counts an item as in only when all who are to answer have, and none that was gone on without', () => {
    const rounds = [round(1, null, { labeled: 12, awaited: 5 }), round(2, null, { labeled: 3 })];
    const text = shown({ ...STATUS, rounds }, 80);
    expect(text).toMatch(/\n +1 .* 7 of 12 +12\n/);
    expect(text).toMatch(/\n +2 .* 3 of 12 +3\n/);
  });
});
