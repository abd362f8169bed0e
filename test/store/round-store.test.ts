import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RoundPlan } from '../../src/domain/round.ts';
import type { CampaignState } from '../../src/store/campaign-state.ts';
import type { RoundStore } from '../../src/store/round-store.ts';
import { campaignOf, plannedExpense } from './campaign-file.ts';

const PLAN: RoundPlan = {
  number: 1,
  kind: 'seed',
  from: 'pool',
  strategy: 'selectllm',
  options: { queries: 3, weight: 0.5, cover: 'k-center', strict: true },
  count: 20,
  seed: 4_294_967_295,
  weighted: false,
  threshold: 6,
  worstCaseLabelMicroUsd: 250_000,
};

describe('RoundStore', () => {
  let state: CampaignState;
  let rounds: RoundStore;

  beforeEach(() => {
    state = campaignOf(6);
    rounds = state.rounds;
    return () => state.close();
  });

  function choose(round: number, positions: readonly number[]): void {
    state.journal(round).saveSelection(
      positions.map((position, index) => ({
        position,
        rank: index + 1,
        id: `t${position}`,
        score: null,
        reason: `reason of ${position}`,
        strategy: 'random',
        query: null,
        model: null,
        costMicroUsd: 0,
      })),
      true,
    );
  }

  function handedOut(): string[] {
    return rounds.handedOut().map(({ round, rank, position, reason }) => `${round}.${rank}: ${position}, ${reason}`);
  }

  it('keeps the plan of each round as it was made, once, in order', () => {
    expect(rounds.plans()).toEqual([]);
    rounds.savePlan({ ...PLAN, number: 2, kind: 'necessity' });
    rounds.savePlan(PLAN);
    expect(rounds.plans()).toEqual([PLAN, { ...PLAN, number: 2, kind: 'necessity' }]);
    expect(() => rounds.savePlan({ ...PLAN, count: 21 })).toThrow('UNIQUE');
    expect(rounds.plans()[0]!.count).toBe(20);
  });

  it('returns the details of a step that is done, and nothing for others', () => {
    const details = z.object({ chosen: z.int(), notes: z.array(z.string()) });
    expect(rounds.step(1, 'select', details)).toBeUndefined();
    rounds.finishStep(1, 'select', { chosen: 3, notes: ['\ud800', '\0'] });
    rounds.finishStep(2, 'select', {});
    expect(rounds.step(1, 'select', details)).toEqual({ chosen: 3, notes: ['\ud800', '\0'] });
    expect([rounds.step(1, 'export', details), rounds.step(3, 'select', details)]).toEqual([undefined, undefined]);
    expect(() => rounds.step(2, 'select', details)).toThrow(
      expect.objectContaining({
        code: 'STATE_UNREADABLE',
        message: expect.stringMatching(/table "step", row round 2, select: "chosen": .*expected/),
      }),
    );
  });

  it('lists the steps of a round that are done, the first done first', () => {
    expect(rounds.stepsDone(1)).toEqual([]);
    rounds.finishStep(1, 'select', {});
    rounds.finishStep(2, 'train', {});
    rounds.finishStep(1, 'export', {});
    expect(rounds.stepsDone(1)).toEqual(['select', 'export']);
    expect([rounds.isDone(1, 'export'), rounds.isDone(2, 'export'), rounds.isDone(3, 'select')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('keeps the plan of an evaluation', () => {
    expect(rounds.evaluationPlan(1)).toBeUndefined();
    const plan = { positions: [4, 0, 7], remaining: 9, leftOut: [2] };
    rounds.saveEvaluationPlan(1, plan);
    expect(rounds.evaluationPlan(1)).toEqual(plan);
    expect(rounds.evaluationPlan(2)).toBeUndefined();
    expect(() => rounds.saveEvaluationPlan(1, plan)).toThrow('UNIQUE');
  });

  it('finishes a step once, and undoes what was written alongside the second time', () => {
    rounds.finishStep(1, 'train', { model: 'a' }, () =>
      state.ledger.expenses.record(plannedExpense('training', 'a', 5)),
    );
    expect(() =>
      rounds.finishStep(1, 'train', { model: 'b' }, () =>
        state.ledger.expenses.record(plannedExpense('training', 'b', 7)),
      ),
    ).toThrow('UNIQUE');
    expect(rounds.step(1, 'train', z.object({ model: z.string() }))).toEqual({ model: 'a' });
    expect(state.ledger.spending().training.settledMicroUsd).toBe(5);
  });

  it('leaves a step undone where what is written alongside throws, and undoes that too', () => {
    expect(() =>
      rounds.finishStep(1, 'train', {}, () => {
        state.ledger.expenses.record(plannedExpense('training', 'a', 5));
        throw new Error('cut off');
      }),
    ).toThrow('cut off');
    expect(rounds.isDone(1, 'train')).toBe(false);
    expect(state.ledger.spending().training.settledMicroUsd).toBe(0);
  });

  it('hands out what a round chose only when its choosing is done, and then its last selection', () => {
    choose(1, [4, 0]);
    rounds.finishStep(1, 'export', {});
    expect(rounds.handedOut()).toEqual([]);
    choose(1, [5, 4, 2]);
    rounds.finishStep(1, 'select', {});
    choose(2, [1]);
    expect(handedOut()).toEqual(['1.1: 5, reason of 5', '1.2: 4, reason of 4', '1.3: 2, reason of 2']);
  });

  it('hands out in order of round and rank', () => {
    choose(2, [1, 3]);
    choose(1, [0]);
    rounds.finishStep(2, 'select', {});
    rounds.finishStep(1, 'select', {});
    expect(handedOut()).toEqual(['1.1: 0, reason of 0', '2.1: 1, reason of 1', '2.2: 3, reason of 3']);
  });

  it('withdraws positions of a round once, all or none, with what is written alongside', () => {
    rounds.withdraw(1, [4, 2], () => state.ledger.expenses.record(plannedExpense('labels', 'a', 5)));
    rounds.withdraw(2, [4], () => undefined);
    const withdrawn = [
      { round: 1, position: 2 },
      { round: 1, position: 4 },
      { round: 2, position: 4 },
    ];
    const sorted = () => rounds.withdrawn().sort((a, b) => a.round - b.round || a.position - b.position);
    expect(sorted()).toEqual(withdrawn);
    expect(() => rounds.withdraw(1, [3, 4], () => undefined)).toThrow('UNIQUE');
    expect(() => rounds.withdraw(1, [99], () => undefined)).toThrow('FOREIGN KEY');
    expect(() =>
      rounds.withdraw(1, [3], () => {
        state.ledger.expenses.record(plannedExpense('labels', 'b', 7));
        throw new Error('cut off');
      }),
    ).toThrow('cut off');
    expect(sorted()).toEqual(withdrawn);
    expect(state.ledger.spending().labels.settledMicroUsd).toBe(5);
  });

  it('says why the campaign ended last', () => {
    expect(rounds.lastStop()).toBeUndefined();
    rounds.saveStop(3, { rule: 'budget', message: 'spent' });
    rounds.saveStop(2, { rule: 'failure-rate', message: 'good enough' });
    expect(rounds.lastStop()).toEqual({ round: 2, rule: 'failure-rate', message: 'good enough' });
  });
});
