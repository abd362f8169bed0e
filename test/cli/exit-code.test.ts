import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodeOfStep } from '../../src/cli/exit-code.ts';
import { ConfigError, DeclinedError, InterruptedError, UsageError } from '../../src/domain/errors.ts';
import type { StepResult } from '../../src/runs/campaign/step-result.ts';

const facts = { round: 1, costMicroUsd: 0, next: { step: 'select', round: 1 } } as const;
const paused = (because: 'waiting' | 'short' | 'budget' | 'interrupt' | 'provider'): StepResult => ({
  ...facts,
  step: 'select',
  done: false,
  because,
  message: '',
  hint: '',
});

describe('the exit code', () => {
  it.each([
    ['waiting', 3],
    ['budget', 3],
    ['short', 1],
    ['provider', 1],
    ['interrupt', 130],
  ] as const)('of a step that pauses because of "%s" is %i', (because, code) => {
    expect(exitCodeOfStep(paused(because))).toBe(code);
  });

  it.each([
    ['budget', 3],
    ['most-rounds', 0],
    ['failure-rate', 0],
    ['pool-exhausted', 0],
  ] as const)('of a campaign that the rule "%s" ended is %i', (rule, code) => {
    const stop = { rule, message: '' };
    const next = { step: 'stop', round: 1, stop } as const;
    expect(exitCodeOfStep({ ...facts, step: 'stop', done: true, stop, next })).toBe(code);
  });

  it.each([
    [new ConfigError('line 3'), 1],
    [new UsageError('--what'), 2],
    [new DeclinedError(), 3],
    [new InterruptedError(), 130],
    [new TypeError('a bug'), 1],
  ])('of %s is %i', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
