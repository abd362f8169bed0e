import { beforeEach, describe, expect, it } from 'vitest';
import type { CampaignState } from '../../src/store/campaign-state.ts';
import { campaignOf, plannedExpense } from './campaign-file.ts';

describe('tries of training', () => {
  let state: CampaignState;

  beforeEach(() => {
    state = campaignOf(4);
    const annotations = [0, 1, 2, 3].map((position) => ({
      key: `label ${position}`,
      position,
      verdict: 'accepted' as const,
      response: 'an answer',
      annotator: null,
      seconds: null,
      submittedAtMs: null,
      sourceId: null,
      costMicroUsd: 0,
    }));
    state.labels.saveImport({ source: 'a.jsonl', tool: 'jsonl', summary: {} }, annotations, () => undefined);
    return () => state.close();
  });

  it('keep their labels in the order given, with what is written alongside', () => {
    expect(state.trainings.started(1)).toBeUndefined();
    state.trainings.start(1, { train: [4, 1, 3], heldOut: [2] }, () =>
      state.ledger.expenses.reserve([plannedExpense('training', 'try 1', 5)]),
    );
    expect(state.trainings.started(1)).toEqual({ train: [4, 1, 3], heldOut: [2] });
    expect(state.trainings.started(2)).toBeUndefined();
    expect(state.ledger.spending().training.reservedMicroUsd).toBe(5);
  });

  it('may have nothing held out', () => {
    state.trainings.start(1, { train: [1], heldOut: [] }, () => undefined);
    expect(state.trainings.started(1)).toEqual({ train: [1], heldOut: [] });
  });

  it('follow one another when they fail', () => {
    expect(state.trainings.currentTry(1)).toBe(1);
    state.trainings.start(1, { train: [1], heldOut: [] }, () => undefined);
    state.trainings.fail(1, 'out of memory', () => undefined);
    expect(state.trainings.currentTry(1)).toBe(2);
    expect(state.trainings.started(1)).toBeUndefined();
    state.trainings.start(1, { train: [1, 2], heldOut: [] }, () => undefined);
    expect(state.trainings.started(1)).toEqual({ train: [1, 2], heldOut: [] });
    expect(state.trainings.currentTry(2)).toBe(1);
  });

  it('do not start or fail where what is written alongside throws', () => {
    const fail = () => {
      throw new Error('cut off');
    };
    expect(() => state.trainings.start(1, { train: [1], heldOut: [] }, fail)).toThrow('cut off');
    expect(state.trainings.started(1)).toBeUndefined();
    expect(() => state.trainings.fail(1, 'out of memory', fail)).toThrow('cut off');
    expect(state.trainings.currentTry(1)).toBe(1);
  });

  it('start once', () => {
    state.trainings.start(1, { train: [1], heldOut: [] }, () => undefined);
    expect(() => state.trainings.start(1, { train: [2], heldOut: [] }, () => undefined)).toThrow('UNIQUE');
    expect(state.trainings.started(1)).toEqual({ train: [1], heldOut: [] });
  });
});
