import { expect, test } from 'vitest';
import { collapseNote, pauseAfter } from '../../src/campaign/step-outcome.ts';
import { BudgetExceededError, LabelError, ProviderError } from '../../src/domain/errors.ts';

const BUDGET = new BudgetExceededError('Nothing is left.', {
  cap: 'usd',
  limit: 1,
  callsUnderWay: 0,
  hint: 'Raise it.',
});
const ABORTED = AbortSignal.abort();

test('a cap pauses a step, with the hint on what to raise, even while it is being interrupted', () => {
  const paused = { done: false, because: 'budget', message: 'Nothing is left.', hint: 'Raise it.' };
  expect(pauseAfter(BUDGET, undefined)).toEqual(paused);
  expect(pauseAfter(BUDGET, ABORTED)).toEqual(paused);
});

test('an interrupt pauses a step, with any error', () => {
  for (const error of [new Error('aborted'), new TypeError('terminated')]) {
    expect(pauseAfter(error, ABORTED)).toMatchObject({ done: false, because: 'interrupt', message: error.message });
    expect(String(pauseAfter(error, ABORTED).hint)).toContain('winnow next');
  }
});

test('a provider that fails pauses a step', () => {
  const error = new ProviderError('It is down.', { provider: 'openai', retryable: true, billing: 'none' });
  expect(pauseAfter(error, new AbortController().signal)).toMatchObject({
    done: false,
    because: 'provider',
    message: 'It is down.',
  });
});

test('any other error is thrown as it is', () => {
  for (const error of [new Error('a fault of ours'), new LabelError('No such file.'), undefined]) {
    let thrown: unknown = 'nothing';
    try {
      pauseAfter(error, undefined);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBe(error);
  }
});

test('a judge that rates nearly everything alike is named with its numbers; one that does not is not', () => {
  expect(collapseNote('quality', undefined)).toEqual([]);
  const [note, ...more] = collapseNote('quality', { score: 4.5, share: 0.8765, ratings: 40 });
  expect(note).toContain('88 % of 40 quality ratings are 4.5');
  expect(more).toEqual([]);
});
