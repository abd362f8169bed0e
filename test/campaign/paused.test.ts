import { expect, test } from 'vitest';
import { pausedBy } from '../../src/campaign/paused.ts';
import { BudgetExceededError, LabelError, ProviderError } from '../../src/domain/errors.ts';

const BUDGET = new BudgetExceededError('Nothing is left.', { cap: 'usd', callsUnderWay: 0, hint: 'Raise it.' });
const ABORTED = AbortSignal.abort();

test('a cap pauses a step, with the hint on what to raise, even while it is being interrupted', () => {
  const paused = { done: false, because: 'budget', message: 'Nothing is left.', hint: 'Raise it.' };
  expect(pausedBy(BUDGET, undefined)).toEqual(paused);
  expect(pausedBy(BUDGET, ABORTED)).toEqual(paused);
});

test('an interrupt pauses a step, whatever error it shows as', () => {
  for (const error of [new Error('aborted'), new TypeError('terminated')]) {
    expect(pausedBy(error, ABORTED)).toMatchObject({ done: false, because: 'interrupt', message: error.message });
    expect(String(pausedBy(error, ABORTED).hint)).toContain('winnow next');
  }
});

test('a provider that fails pauses a step', () => {
  const error = new ProviderError('It is down.', { provider: 'openai', retryable: true, billing: 'none' });
  expect(pausedBy(error, new AbortController().signal)).toMatchObject({
    done: false,
    because: 'provider',
    message: 'It is down.',
  });
});

test('any other error is thrown as it is', () => {
  for (const error of [new Error('a fault of ours'), new LabelError('No such file.'), undefined]) {
    let thrown: unknown = 'nothing';
    try {
      pausedBy(error, undefined);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBe(error);
  }
});
