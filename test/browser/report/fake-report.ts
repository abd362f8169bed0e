import { type Random, seededRandom } from '../../../src/math/random.ts';
import { shareInterval } from '../../../src/math/share-interval.ts';
import { ITEM_FATES, type OddItem } from '../../../src/report/pool-figures.ts';
import type { Figure, PickLine, ReportData } from '../../../src/report/report-data.ts';
import { EMPTY_REPORT } from './empty-report.ts';

const TOPICS = ['recipes', 'loans', 'tides', 'grammar', 'violins', 'compilers', 'gardens', 'football', 'taxes'];
const ASKS = ['Explain in plain words', 'List five facts about', 'Write a short poem on', 'What goes wrong with'];
const DAY_MS = 86_400_000;
const LABEL_PRICE = 250_000;

export interface FakeSize {
  readonly points: number;
  readonly instructions: number;
  readonly rounds: number;
  readonly picksPerRound: number;
  /** Characters of each excerpt and reason. */
  readonly excerpt: number;
  readonly reason: number;
}

const DEFAULT_SIZE: FakeSize = {
  points: 3000,
  instructions: 12_000,
  rounds: 3,
  picksPerRound: 120,
  excerpt: 140,
  reason: 220,
};

function figure(mean: number, half: number): Figure {
  return { count: 41, mean, interval: { low: mean - half, high: mean + half } };
}

/** A deterministic report like that of a campaign of some weeks, of any size. */
export function fakeReport(size: Partial<FakeSize> = {}): ReportData {
  const { points, instructions, rounds, picksPerRound, excerpt, reason } = { ...DEFAULT_SIZE, ...size };
  const random = seededRandom(7, 'fake report');
  const picks = fakePicks(random, { rounds, picksPerRound, excerpt, reason });
  const labeled = picks.filter(({ state }) => state === 'labeled').length;
  const count = (state: PickLine['state']) => picks.filter((pick) => pick.state === state).length;
  const numbers = Array.from({ length: rounds }, (_, index) => index + 1);
  const spentMicroUsd = labeled * LABEL_PRICE + rounds * 1_301_417;
  return {
    ...EMPTY_REPORT,
    campaign: { name: 'support-answers', begunAtMs: 1_760_000_000_000, reportedAtMs: 1_760_000_000_000 + 30 * DAY_MS },
    headline: {
      ...EMPTY_REPORT.headline,
      instructions,
      poolFiles: 2,
      rounds,
      picked: picks.length,
      labeled,
      rejected: count('rejected'),
      skipped: count('skipped'),
      awaited: count('awaited'),
      withdrawn: count('withdrawn'),
      spentMicroUsd,
      reservedMicroUsd: count('awaited') * LABEL_PRICE,
      microUsdPerUsefulLabel: Math.round(spentMicroUsd / labeled),
      failureRate: {
        on: 'pool',
        count: 310,
        first: 0.6,
        last: 0.41,
        interval: { low: 0.36, high: 0.47 },
        change: { count: 310, mean: -0.19, interval: { low: -0.26, high: -0.12 } },
      },
      heldOutScore: 6.02,
      score: { count: 41, mean: 6.02, interval: { low: 5.62, high: 6.42 } },
      gain: 0.4,
      gainOn: 'held-out',
      gainFigure: { count: 41, mean: 0.4, interval: { low: 0.12, high: 0.68 } },
      next: { line: 'winnow annotate', because: `${count('awaited')} labels are awaited` },
    },
    rounds: numbers.map((number) => ({
      number,
      kind: number === 1 ? 'seed' : 'necessity',
      strategy: number === 1 ? 'facility-location' : 'selectllm',
      plannedAtMs: 1_760_000_000_000 + (number - 1) * 9 * DAY_MS,
      picked: picksPerRound,
      labeled: picks.filter((pick) => pick.round === number && pick.state === 'labeled').length,
      rejected: picks.filter((pick) => pick.round === number && pick.state === 'rejected').length,
      skipped: picks.filter((pick) => pick.round === number && pick.state === 'skipped').length,
      awaited: picks.filter((pick) => pick.round === number && pick.state === 'awaited').length,
      withdrawn: picks.filter((pick) => pick.round === number && pick.state === 'withdrawn').length,
      model: `ft:gpt-4o-mini-2024-07-18:acme:support-r${number}`,
      evaluated: 400,
      failures: 248 - (number - 1) * 48,
      failureRate: (248 - (number - 1) * 48) / 400,
      threshold: 6,
      poolScore: 4.2 + number * 0.5,
      heldOutScore: 4.31 + (number - 1) * 0.855,
      gain: number === 1 ? null : 0.4,
      gainOn: number === 1 ? null : 'held-out',
      gainFigure: number === 1 ? null : { count: 41, mean: 0.4, interval: { low: 0.12, high: 0.68 } },
      testScore: 4.1 + (number - 1) * 0.9,
      failureInterval: shareInterval(248 - (number - 1) * 48, 400),
      sinceFirst:
        number === 1
          ? null
          : {
              round: 1,
              on: 'pool',
              count: 310,
              failureRate: { before: 0.6, after: 0.6 - (number - 1) * 0.095 },
              score: { count: 310, mean: 0.5, interval: { low: 0.3, high: 0.7 } },
            },
      test: {
        score: figure(4.31 + (number - 1) * 0.855, 0.4),
        failureRate: figure(0.6 - (number - 1) * 0.1, 0.1),
        rougeL: figure(0.2 + number * 0.02, 0.03),
        chrF: figure(0.3 + number * 0.02, 0.03),
        cosine: null,
      },
    })),
    map: fakeMap(random, { points, instructions, rounds, excerpt }),
    coverage: fakeCoverage(labeled),
    spending: {
      accounts: [
        { account: 'llm', settledMicroUsd: rounds * 1_301_417, reservedMicroUsd: 0, capMicroUsd: 20_000_000 },
        {
          account: 'labels',
          settledMicroUsd: labeled * LABEL_PRICE,
          reservedMicroUsd: count('awaited') * LABEL_PRICE,
          capMicroUsd: 120_000_000,
        },
        { account: 'training', settledMicroUsd: 0, reservedMicroUsd: 0, capMicroUsd: null },
        {
          account: 'total',
          settledMicroUsd: spentMicroUsd,
          reservedMicroUsd: count('awaited') * LABEL_PRICE,
          capMicroUsd: 140_000_000,
        },
      ],
      byKindAndRound: numbers.flatMap((round) =>
        (
          [
            ['choose', 400_417],
            ['judge-necessity', 600_000],
            ['answer', 301_000],
            ['labels', picks.filter((pick) => pick.round === round && pick.state === 'labeled').length * LABEL_PRICE],
          ] as const
        ).map(([kind, settledMicroUsd]) => ({
          kind,
          round,
          settledMicroUsd,
          reservedMicroUsd: 0,
          calls: kind === 'labels' ? 0 : 400,
          inputTokens: kind === 'labels' ? 0 : 812_345,
          outputTokens: kind === 'labels' ? 0 : 41_234,
        })),
      ),
      perUsefulLabel: numbers.map((round) => ({
        round,
        spentMicroUsd: Math.round((spentMicroUsd * round) / rounds),
        usefulLabels: Math.round((labeled * round) / rounds),
        microUsdPerLabel: Math.round(spentMicroUsd / labeled) + (rounds - round) * 9_000,
      })),
    },
    scores: numbers.flatMap((round) =>
      ['pool', 'held-out'].map((subset) => ({
        title: `Necessity, round ${round} (${subset})`,
        says: `The answers of round ${round}'s model to ${subset === 'pool' ? 'unlabeled instructions' : 'labeled instructions it was not trained on'} were scored from 1 to 10 by gpt-4o-mini.`,
        from: 1,
        to: 10,
        bins: [31, 44, 58, 61, 54, 48 + round * 9, 40 + round * 14, 31 + round * 6, 12],
        unscored: round === 1 ? 3 : 0,
        threshold: 6,
      })),
    ),
    llmAgreement: {
      queries: 90,
      mean: 0.71,
      byRound: numbers.map((round) => ({ round, queries: 30, mean: 0.66 + round * 0.025 })),
      bins: [0, 0, 1, 3, 6, 14, 21, 26, 14, 5],
    },
    peopleAgreement: { items: 41, wordF1: 0.63, wordF1Interval: { low: 0.55, high: 0.71 }, disputed: 2 },
    peopleQuality: [
      {
        annotator: 'Ann <b>',
        answers: 120,
        itemsPerHour: 31,
        agreement: { items: 41, mean: 0.63, interval: { low: 0.55, high: 0.71 } },
        kept: { items: 30, mean: 0.4, unchanged: 2 },
        repeated: 3,
        fast: 1,
      },
    ],
    judges: [
      {
        judge: 'gpt-4o-mini',
        of: 'answers',
        judgments: 120,
        approved: 54,
        agreement: 0.78,
        lengthAgreement: 0.61,
        gain: { low: 0.06, high: 0.28 },
        noBetterThanLength: false,
        threshold: 6.5,
        reliability: [
          { expected: 0.15, observed: 0.12, interval: shareInterval(5, 42), judgments: 42 },
          { expected: 0.52, observed: 0.55, interval: shareInterval(22, 40), judgments: 40 },
          { expected: 0.82, observed: 0.71, interval: shareInterval(27, 38), judgments: 38 },
        ],
      },
    ],
    odd: {
      longest: oddItems(random, 10, (index) => 98_000 - index * 7003),
      strangest: oddItems(random, 10, (index) => 1.21 - index * 0.013),
      nearDuplicates: {
        threshold: 0.98,
        count: 23,
        examples: oddItems(random, 8, () => 0.991).map((first, index) => ({
          cosine: 0.999 - index * 0.002,
          first,
          second: { ...first, id: `${first.id}b`, position: first.position + 1, excerpt: `${first.excerpt}!` },
        })),
      },
    },
    picks,
    provenance: {
      ...EMPTY_REPORT.provenance,
      plugins: [{ name: 'by-topic', version: '1.0.0', firstUsedAtMs: 0 }],
      testFiles: [{ path: 'test/held.jsonl', sha256: 'a07e'.repeat(16) }],
      roundPlans: numbers.map((round) => ({
        round,
        seed: 11 + round,
        strategy: round === 1 ? 'facility-location' : 'selectllm',
        options: { perQuery: round, votes: 2, similarity: 'cosine' },
      })),
      prompts: ['select', 'judge-necessity', 'draft'].map((id) => ({ id, version: '3', sha256: 'ab12'.repeat(16) })),
      models: [{ model: 'gpt-4o-mini-2024-07-18', kind: 'judge', calls: 1200 }],
      imports: [{ source: 'winnow annotate', tool: 'winnow', atMs: 1_760_300_000_000 }],
    },
    notes: ['Outliers are approximate: a random sample was used to find candidates.'],
  };
}

function text(random: Random, length: number): string {
  const words = [`${ASKS[random.below(ASKS.length)]} ${TOPICS[random.below(TOPICS.length)]}`];
  for (let size = words[0]!.length; size < length; ) {
    const word = TOPICS[random.below(TOPICS.length)]!.slice(0, 2 + random.below(7));
    words.push(word);
    size += word.length + 1;
  }
  return words.join(' ').slice(0, length);
}

const STATES = ['labeled', 'labeled', 'labeled', 'labeled', 'labeled', 'labeled', 'labeled', 'rejected', 'skipped'];

function fakePicks(
  random: Random,
  { rounds, picksPerRound, excerpt, reason }: Pick<FakeSize, 'rounds' | 'picksPerRound' | 'excerpt' | 'reason'>,
): PickLine[] {
  return Array.from({ length: rounds * picksPerRound }, (_, index) => {
    const round = 1 + Math.floor(index / picksPerRound);
    const state = round === rounds && random.float() < 0.4 ? 'awaited' : STATES[random.below(STATES.length)]!;
    return {
      round,
      rank: 1 + (index % picksPerRound),
      id: `item-${index * 7}`,
      position: index * 7,
      excerpt: text(random, excerpt),
      reason: text(random, reason),
      strategy: round === 1 ? 'facility-location' : 'selectllm',
      score: round === 1 ? Math.round(random.float() * 1000) / 100 : null,
      model: round === 1 ? null : 'gpt-4o-mini-2024-07-18',
      costMicroUsd: round === 1 ? 0 : 1000 + random.below(900),
      state: state as PickLine['state'],
      annotators: state === 'awaited' ? [] : [['anna', 'ben', 'chidi'][random.below(3)]!],
      necessity: round === 1 ? null : 1 + random.below(5),
    };
  });
}

function fakeMap(
  random: Random,
  { points, instructions, rounds, excerpt }: Pick<FakeSize, 'points' | 'instructions' | 'rounds' | 'excerpt'>,
): ReportData['map'] {
  const indexes = Array.from({ length: points }, (_, index) => index);
  const cluster = indexes.map(() => random.below(TOPICS.length));
  const around = () => random.float() + random.float() + random.float() - 1.5;
  const fate = indexes.map(() => {
    const draw = random.float();
    return draw < 0.06 ? 0 : draw < 0.07 ? 1 : draw < 0.08 ? 2 : draw < 0.1 ? 3 : draw < 0.16 ? 4 : 5;
  });
  return {
    method: 'umap',
    instructions,
    position: indexes.map((index) => index * Math.floor(instructions / points)),
    x: cluster.map((number) => Math.round((3 * Math.cos(number * 2.4) + 1.4 * around()) * 1000) / 1000),
    y: cluster.map((number) => Math.round((2 * Math.sin(number * 1.9) + 1.4 * around()) * 1000) / 1000),
    fate,
    round: fate.map((value) => (value < ITEM_FATES.indexOf('failed') ? 1 + random.below(rounds) : 0)),
    cluster,
    clusters: TOPICS.map((name, index) => ({
      name: `${name}, ${TOPICS[(index + 4) % TOPICS.length]}`,
      items: cluster.filter((number) => number === index).length,
    })),
    score: fate.map((value) =>
      value === 4 ? 1 + random.below(5) : random.float() < 0.1 ? 1 + random.below(10) : null,
    ),
    excerpt: indexes.map(() => text(random, excerpt)),
    fields: [
      {
        name: 'category',
        kind: 'words',
        values: ['open_qa', 'closed_qa', 'brainstorming', 'classification', 'summarization', 'creative_writing'],
        of: indexes.map((index) => (index % 50 === 0 ? null : random.below(6))),
      },
      { name: 'difficulty', kind: 'numbers', of: indexes.map(() => Math.round(random.float() * 100) / 10) },
    ],
  };
}

function fakeCoverage(labeled: number): ReportData['coverage'] {
  const counts = [
    ...new Set([...Array.from({ length: 20 }, (_, step) => 1 + Math.floor((step * labeled) / 20)), labeled]),
  ];
  const radius = (count: number) => 0.85 + 0.5 / Math.sqrt(count);
  const distance = (count: number) => 0.6 + 0.4 / Math.sqrt(count);
  const categories = (count: number) => Math.min(8, Math.ceil(count / 6));
  const spread = (mean: number, by: number) => ({ mean, low: mean - by, high: mean + by });
  return {
    categoryField: 'category',
    categories: 8,
    labels: counts.map((count) => ({
      count,
      radius: radius(count),
      meanDistance: distance(count),
      categories: categories(count),
    })),
    random: counts.map((count) => ({
      count,
      radius: spread(radius(count) + 0.08, 0.03),
      meanDistance: spread(distance(count) + 0.02, 0.008),
      categories: spread(Math.max(1, categories(count) - 0.6), 0.4),
    })),
    draws: 5,
    sampled: null,
  };
}

function oddItems(random: Random, count: number, measure: (index: number) => number): OddItem[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `odd-${index}`,
    position: 100 + index,
    excerpt: text(random, 120),
    measure: measure(index),
  }));
}
