import { expect, test } from 'vitest';
import { type CampaignProgress, nextStep, STEPS } from '../../src/campaign/next-step.ts';
import type { RoundPlan, Stop } from '../../src/domain/round.ts';

const ROUND_STEPS = STEPS.slice(STEPS.indexOf('select'));
const STOP: Stop = { rule: 'budget', message: 'Nothing is left.' };

/** Every way in which what is around a round can be. */
const SURROUNDINGS = [true, false].flatMap((poolPending) =>
  [0, 3].flatMap((qualityPending) =>
    [undefined, STOP].map((stop) => ({ poolPending, qualityPending, stop, isTrainable: true })),
  ),
);

function plan(number: number): RoundPlan {
  return {
    number,
    kind: number === 1 ? 'seed' : 'necessity',
    from: 'pool',
    strategy: 'random',
    options: {},
    count: 1,
    seed: 0,
    weighted: false,
    threshold: 6,
    worstCaseLabelMicroUsd: 0,
  };
}

function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_item, index) => (bits >> index) % 2 === 1),
  );
}

test('a round that was started is finished, with its first open step next, in any situation', () => {
  const unfinished = subsets(ROUND_STEPS).filter((done) => done.length < ROUND_STEPS.length);
  expect(unfinished).toHaveLength(2 ** 6 - 1);
  for (const done of unfinished) {
    for (const surroundings of SURROUNDINGS) {
      const first = ROUND_STEPS.find((step) => !done.includes(step));
      const next = nextStep({ ...surroundings, round: { plan: plan(4), done: new Set(done) } });
      expect(next).toEqual({ step: first, round: 4 });
    }
  }
});

test('steps of other names do not finish a round', () => {
  const done = new Set(['plan-evaluation', 'failed-training-1', 'plan-round', 'add-pool', 'judge-quality']);
  expect(
    nextStep({
      poolPending: false,
      qualityPending: 0,
      isTrainable: true,
      stop: undefined,
      round: { plan: plan(1), done },
    }),
  ).toEqual({
    step: 'select',
    round: 1,
  });
});

test.each([
  ['before the first round', undefined, 0],
  ['after a round that is done', { plan: plan(3), done: new Set<string>(ROUND_STEPS) }, 3],
] as const)('%s the pool comes first, then judging, then the rules, then a plan', (_, round, last) => {
  for (const surroundings of SURROUNDINGS) {
    const { poolPending, qualityPending, stop } = surroundings;
    const position: CampaignProgress = { ...surroundings, round };
    const expected = poolPending
      ? { step: 'add-pool', round: last + 1 }
      : qualityPending > 0
        ? { step: 'judge-quality', round: last + 1 }
        : stop
          ? { step: 'stop', round: last, stop }
          : { step: 'plan-round', round: last + 1 };
    expect(nextStep(position)).toEqual(expected);
  }
});

test('a round passes through its steps in their order', () => {
  const done = new Set<string>();
  const seen: string[] = [];
  for (let next = nextStep(at()); next.step !== 'plan-round'; next = nextStep(at())) {
    seen.push(next.step);
    done.add(next.step);
  }
  expect(seen).toEqual(['select', 'export', 'wait-for-labels', 'train', 'evaluate', 'find-failures']);

  function at(): CampaignProgress {
    return {
      poolPending: false,
      qualityPending: 0,
      isTrainable: true,
      stop: undefined,
      round: { plan: plan(1), done },
    };
  }
});

test('a round that brought no label, where there is none at all, ends there and another is planned', () => {
  const labeled = new Set<string>(['select', 'export', 'wait-for-labels']);
  const round = { plan: plan(2), done: labeled };
  for (const surroundings of SURROUNDINGS) {
    const none = { ...surroundings, isTrainable: false };
    expect(nextStep({ ...none, round })).toEqual(
      nextStep({ ...surroundings, round: { plan: plan(2), done: new Set(ROUND_STEPS) } }),
    );
    // Labels may still come.
    expect(nextStep({ ...none, round: { plan: plan(2), done: new Set(['select', 'export']) } })).toEqual({
      step: 'wait-for-labels',
      round: 2,
    });
  }
});
