import { beforeEach, describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/domain/round.ts';
import type { CampaignState } from '../../src/store/campaign-state.ts';
import type { ModelStore, Rating } from '../../src/store/model-store.ts';
import { campaignOf } from './campaign-file.ts';

const EVALUATION: Evaluation = {
  subset: 'pool',
  itemId: 't1',
  answer: 'Forty-two.',
  answerModel: 'nearest-neighbour',
  confidence: 0.25,
  judge: 'offline',
  score: 0.25,
  reason: 'too short',
  costMicroUsd: 7,
  generation: 0,
};
const MODEL = { trainer: 'command', name: 'seed', baseUrl: 'http://localhost:8000/v1', costMicroUsd: 900 };

function rated(position: number, score: number | null, generation = 0): Rating {
  return { position, score, reason: `rated ${score}`, costMicroUsd: 3, generation };
}

describe('ModelStore', () => {
  let state: CampaignState;
  let models: ModelStore;

  beforeEach(() => {
    state = campaignOf(4);
    models = state.models;
    return () => state.close();
  });

  it('keeps the ratings of each judge apart, by position, unusable ones as null', () => {
    expect([models.ratings('gpt'), models.lastRater()]).toEqual([[], undefined]);
    for (const rating of [rated(3, 0.1 + 0.2), rated(0, null), rated(2, 5)]) models.saveRating('gpt', rating);
    models.saveRating('gpt', rated(1, 4));
    models.saveRating('offline', rated(0, 1));
    expect(models.ratings('gpt')).toEqual([rated(0, null), rated(1, 4), rated(2, 5), rated(3, 0.1 + 0.2)]);
    expect(models.ratings('offline')).toEqual([rated(0, 1)]);
    expect(models.lastRater()).toBe('offline');
  });

  it('gives the last of several tries at a rating, and refuses to overwrite one', () => {
    models.saveRating('gpt', rated(1, null, 0));
    models.saveRating('gpt', rated(1, 4, 2));
    models.saveRating('gpt', rated(1, 9, 1));
    expect(models.ratings('gpt')).toEqual([rated(1, 4, 2)]);
    expect(() => models.saveRating('gpt', rated(1, 1, 2))).toThrow('UNIQUE');
    expect(() => models.saveRating('gpt', rated(4, 1))).toThrow('FOREIGN KEY');
  });

  it('keeps what a trainer noted last, by round', () => {
    expect(models.trainingNotes(1)).toBeUndefined();
    models.saveTrainingNotes(1, { job: 'ftjob-1', state: 'queued' });
    models.saveTrainingNotes(2, { job: 'ftjob-2' });
    models.saveTrainingNotes(1, { job: 'ftjob-1', state: 'running', log: ['\0', '\ud800', null] });
    expect(models.trainingNotes(1)).toEqual({ job: 'ftjob-1', state: 'running', log: ['\0', '\ud800', null] });
    expect(models.trainingNotes(2)).toEqual({ job: 'ftjob-2' });
  });

  it('keeps one model a round', () => {
    models.saveModel({ ...MODEL, round: 2 }, { steps: 300 });
    models.saveModel({ ...MODEL, round: 1, baseUrl: null }, {});
    expect(models.models()).toEqual([
      { ...MODEL, round: 1, baseUrl: null },
      { ...MODEL, round: 2 },
    ]);
    expect(() => models.saveModel({ ...MODEL, round: 2, name: 'another' }, {})).toThrow('UNIQUE');
  });

  it('gives the evaluations of a model in the order they were made', () => {
    for (const round of [1, 2]) models.saveModel({ ...MODEL, round }, {});
    const made: Evaluation[] = [
      { ...EVALUATION, itemId: 't3', score: null, reason: 'The reply holds no score.' },
      { ...EVALUATION, itemId: 't1' },
      { ...EVALUATION, itemId: 't1', subset: 'held-out', answer: '' },
      { ...EVALUATION, itemId: 't1', subset: 'test', score: 1 },
    ];
    for (const evaluation of made) models.saveEvaluation(1, evaluation);
    models.saveEvaluation(2, EVALUATION);
    expect(models.evaluations(1)).toEqual(made);
    expect(models.evaluations(2)).toEqual([EVALUATION]);
    expect(models.evaluations(3)).toEqual([]);
  });

  it('gives the last of several tries at an evaluation, whole, in the place of the first', () => {
    models.saveModel({ ...MODEL, round: 1 }, {});
    const again: Evaluation = {
      ...EVALUATION,
      answer: 'Another.',
      answerModel: 'seed-2',
      confidence: null,
      judge: 'gpt',
      score: 0.75,
      reason: 'now judged',
      costMicroUsd: 9,
      generation: 1,
    };
    const other: Evaluation = { ...EVALUATION, itemId: 't0', score: null, reason: 'no score yet' };
    for (const evaluation of [{ ...EVALUATION, score: null }, other, { ...again, subset: 'held-out' as const }]) {
      models.saveEvaluation(1, evaluation);
    }
    models.saveEvaluation(1, again);
    expect(models.evaluations(1)).toEqual([again, other, { ...again, subset: 'held-out' }]);
  });

  it('refuses an evaluation that is there already and one of a model that is not', () => {
    models.saveModel({ ...MODEL, round: 1 }, {});
    models.saveEvaluation(1, EVALUATION);
    expect(() => models.saveEvaluation(1, { ...EVALUATION, score: 1 })).toThrow('UNIQUE');
    expect(() => models.saveEvaluation(2, EVALUATION)).toThrow('FOREIGN KEY');
    expect(models.evaluations(1)).toEqual([EVALUATION]);
  });

  it('keeps halves of letters that models and judges write as U+FFFD, and NULs as they are', () => {
    models.saveModel({ ...MODEL, round: 1 }, {});
    const half = 'a\ud800\0b';
    models.saveEvaluation(1, { ...EVALUATION, itemId: half, answer: half, reason: half });
    models.saveRating('gpt', { ...rated(0, 1), reason: half });
    const kept = 'a\ufffd\0b';
    expect(models.evaluations(1)).toEqual([{ ...EVALUATION, itemId: kept, answer: kept, reason: kept }]);
    expect(models.ratings('gpt')[0]!.reason).toBe(kept);
  });
});
