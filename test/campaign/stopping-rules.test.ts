import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_NEEDS } from '../../src/campaign/budget-room.ts';
import { type RoundOutcome, type StopEvidence, stopReason } from '../../src/campaign/stopping-rules.ts';

const GOING_ON: StopEvidence = {
  rounds: 2,
  mostRounds: 10,
  room: {},
  needs: NO_NEEDS,
  worstCaseLabelMicroUsd: 0,
  remaining: 50,
  outcomes: [],
  rules: { leastImprovement: 0.05 },
};

function outcome(round: number, given: Partial<RoundOutcome> = {}): RoundOutcome {
  return { round, failureRate: 0.5, failures: 10, improvement: null, coverageRadius: null, ...given };
}

function ruleOf(given: Partial<StopEvidence>): string | undefined {
  return stopReason({ ...GOING_ON, ...given })?.rule;
}

function withOutcomes(rules: Omit<StopEvidence['rules'], 'leastImprovement'>, ...outcomes: Partial<RoundOutcome>[]) {
  const numbered = outcomes.map((given, index) => outcome(index + 1, given));
  return ruleOf({ outcomes: numbered, rules: { leastImprovement: 0.05, ...rules } });
}

test('no rule holds where none is configured and nothing has run out', () => {
  expect(ruleOf({})).toBeUndefined();
  expect(ruleOf({ outcomes: [outcome(1), outcome(2)] })).toBeUndefined();
});

describe('what ends a campaign at, and not above, its bound', () => {
  test.each([
    ['pool-exhausted', { remaining: 0 }, { remaining: 1 }],
    ['budget', { labelBudget: { used: 5, cap: 5 } }, { labelBudget: { used: 4, cap: 5 } }],
    ['most-rounds', { rounds: 10 }, { rounds: 9 }],
  ])('%s', (rule, at, above) => {
    expect(ruleOf(at)).toBe(rule);
    expect(ruleOf(above)).toBeUndefined();
  });

  test('more rounds than there may be, since the number was lowered, are too many as well', () => {
    expect(ruleOf({ rounds: 11 })).toBe('most-rounds');
  });
});

describe('the budget', () => {
  test.each([
    [999, 'budget'],
    [1000, undefined],
    [1001, undefined],
  ])('of $ %i millionths for labels that cost at most 1000: %s', (labelMicroUsd, rule) => {
    expect(ruleOf({ room: { labelMicroUsd }, worstCaseLabelMicroUsd: 1000 })).toBe(rule);
  });

  test('that is spent does not end a campaign whose labels cost nothing', () => {
    expect(ruleOf({ room: { labelMicroUsd: 0, llmMicroUsd: 0, trainingMicroUsd: 0 } })).toBeUndefined();
  });

  test('says how many labels were used, what the cap is and what to raise', () => {
    const stop = stopReason({ ...GOING_ON, labelBudget: { used: 101, cap: 100 } });
    expect(stop?.message).toBe('Label budget used (101 of 100). Raise budget.labels to continue.');
  });

  test('says how much is left, how much a label can cost and what to raise', () => {
    const stop = stopReason({ ...GOING_ON, room: { labelMicroUsd: 40_000 }, worstCaseLabelMicroUsd: 250_000 });
    expect(stop?.message).toBe(
      '$0.04 is left for labels, but one label can cost $0.25. Raise budget.labelUsd or budget.totalUsd to continue.',
    );
  });
});

describe('the failure rate', () => {
  test.each([
    [0.19, 'failure-rate'],
    [0.2, undefined],
    [0.21, undefined],
  ])('of %d under a bound of 0.2: %s', (failureRate, rule) => {
    expect(withOutcomes({ failureRateBelow: 0.2 }, { failureRate })).toBe(rule);
  });

  test('of the last round counts, not of one before', () => {
    expect(withOutcomes({ failureRateBelow: 0.2 }, { failureRate: 0.1 }, { failureRate: 0.3 })).toBeUndefined();
    expect(withOutcomes({ failureRateBelow: 0.2 }, { failureRate: 0.3 }, { failureRate: 0.1 })).toBe('failure-rate');
  });

  test('ends a campaign without failures to choose from even where no bound is set', () => {
    expect(withOutcomes({}, { failureRate: 0, failures: 0 })).toBe('failure-rate');
    expect(withOutcomes({}, { failureRate: 0.01, failures: 1 })).toBeUndefined();
  });

  test('is unknown where nothing was judged, and then only ends what has nothing to choose from', () => {
    expect(withOutcomes({ failureRateBelow: 1 }, { failureRate: null, failures: 2 })).toBeUndefined();
    expect(withOutcomes({}, { failureRate: null, failures: 0 })).toBe('failure-rate');
  });
});

describe('no improvement', () => {
  const ends = (...improvements: (number | null)[]) =>
    withOutcomes({ noImprovementRounds: 2 }, ...improvements.map((improvement) => ({ improvement })));

  test.each([
    [0.04, 'no-improvement'],
    [0.05, undefined],
    [0.06, undefined],
  ])('of %d in one of two rounds under a least of 0.05: %s', (improvement, rule) => {
    expect(ends(null, 0.01, improvement)).toBe(rule);
    expect(ends(null, improvement, -1)).toBe(rule);
  });

  test('is told only when as many rounds can be compared as the rule asks for', () => {
    expect(ends(null)).toBeUndefined();
    expect(ends(null, 0)).toBeUndefined();
    expect(ends(0, null)).toBeUndefined();
    expect(ends(null, 0, 0)).toBe('no-improvement');
  });

  test('looks at the last rounds only', () => {
    expect(ends(null, 3, 0, 0)).toBe('no-improvement');
    expect(ends(null, 0, 0, 3)).toBeUndefined();
  });

  test('is no rule unless it is set', () => {
    expect(withOutcomes({}, { improvement: -5 }, { improvement: -5 })).toBeUndefined();
  });
});

describe('the coverage radius', () => {
  test.each([
    [0.29, 'coverage-radius'],
    [0.3, undefined],
    [0.31, undefined],
    [null, undefined],
  ])('of %d under a bound of 0.3: %s', (coverageRadius, rule) => {
    expect(withOutcomes({ coverageRadiusBelow: 0.3 }, { coverageRadius: 0.1 }, { coverageRadius })).toBe(rule);
  });

  test('of 0 counts too, and no bound is none', () => {
    expect(withOutcomes({ coverageRadiusBelow: 0.3 }, { coverageRadius: 0 })).toBe('coverage-radius');
    expect(withOutcomes({}, { coverageRadius: 0 })).toBeUndefined();
  });
});

test('before the first round only what makes one impossible counts', () => {
  const rules = { failureRateBelow: 1, noImprovementRounds: 1, leastImprovement: 9, coverageRadiusBelow: 2 };
  const first = { rounds: 0, outcomes: [], rules };
  expect(ruleOf(first)).toBeUndefined();
  expect(ruleOf({ ...first, remaining: 0 })).toBe('pool-exhausted');
  expect(ruleOf({ ...first, labelBudget: { used: 0, cap: 0 } })).toBe('budget');
});

test('of several rules that hold, the one that leaves the least to be done about is told', () => {
  const all: StopEvidence = {
    rounds: 10,
    mostRounds: 10,
    room: {},
    labelBudget: { used: 6, cap: 5 },
    needs: NO_NEEDS,
    worstCaseLabelMicroUsd: 1,
    remaining: 0,
    outcomes: [outcome(1, { failureRate: 0.1, improvement: 0, coverageRadius: 0.1 })],
    rules: { failureRateBelow: 0.2, noImprovementRounds: 1, leastImprovement: 0.05, coverageRadiusBelow: 0.2 },
  };
  const order: string[] = [];
  const lifts: Partial<StopEvidence>[] = [
    { remaining: 9 },
    { labelBudget: undefined },
    { mostRounds: 11 },
    { rules: { ...all.rules, failureRateBelow: undefined } },
    { rules: { ...all.rules, failureRateBelow: undefined, noImprovementRounds: undefined } },
    { rules: { leastImprovement: 0.05 } },
  ];
  let evidence = all;
  for (const lift of lifts) {
    order.push(stopReason(evidence)!.rule);
    evidence = { ...evidence, ...lift };
  }
  expect(order).toEqual([
    'pool-exhausted',
    'budget',
    'most-rounds',
    'failure-rate',
    'no-improvement',
    'coverage-radius',
  ]);
  expect(stopReason(evidence)).toBeUndefined();
});

test('every stop says why in a sentence and none has a number that cannot be read', () => {
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const evidence = fc.record({
    needs: fc.record({ trainingMicroUsd: fc.nat(2_000), llmMicroUsd: fc.nat(2_000) }),
    rounds: fc.nat(20),
    mostRounds: fc.integer({ min: 1, max: 20 }),
    room: fc.record({ labelMicroUsd: fc.nat(5_000_000) }, { requiredKeys: [] }),
    labelBudget: maybe(fc.record({ used: fc.nat(3), cap: fc.nat(3) })),
    worstCaseLabelMicroUsd: fc.nat(5_000_000),
    remaining: fc.nat(3),
    outcomes: fc.array(
      fc.record({
        round: fc.nat(9),
        failureRate: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        failures: fc.nat(4),
        improvement: fc.option(fc.double({ min: -9, max: 9, noNaN: true })),
        coverageRadius: fc.option(fc.double({ min: 0, max: 2, noNaN: true })),
      }),
      { maxLength: 4 },
    ),
    rules: fc.record({
      failureRateBelow: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
      noImprovementRounds: maybe(fc.integer({ min: 1, max: 3 })),
      leastImprovement: fc.double({ min: 0, max: 1, noNaN: true }),
      coverageRadiusBelow: maybe(fc.double({ min: 0, max: 2, noNaN: true })),
    }),
  });
  fc.assert(
    fc.property(evidence, (given) => {
      const stop = stopReason(given);
      if (given.remaining === 0) expect(stop?.rule).toBe('pool-exhausted');
      if (stop) expect(stop.message).toMatch(/^(?!.*(?:NaN|undefined|null|Infinity)).+\.$/);
    }),
  );
});

test.each([
  ['training', { trainingMicroUsd: 5 }, { trainingMicroUsd: 6, llmMicroUsd: 0 }, 'budget.trainingUsd'],
  ['judging', { llmMicroUsd: 5 }, { trainingMicroUsd: 0, llmMicroUsd: 6 }, 'budget.llmUsd'],
  [
    'both, out of one total',
    { labelMicroUsd: 10, totalMicroUsd: 10 },
    { trainingMicroUsd: 5, llmMicroUsd: 5 },
    'budget.totalUsd',
  ],
] as const)('a cap that leaves no room for %s ends the campaign before labels are paid for', (_, room, needs, cap) => {
  const stop = stopReason({ ...GOING_ON, room, needs, worstCaseLabelMicroUsd: 1 });
  expect(stop).toMatchObject({ rule: 'budget', message: expect.stringContaining(cap) });
  expect(stopReason({ ...GOING_ON, room, needs: NO_NEEDS, worstCaseLabelMicroUsd: 1 })).toBeUndefined();
});
