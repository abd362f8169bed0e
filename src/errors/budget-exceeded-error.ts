import { WinnowError } from './winnow-error.ts';

/** A call was not made, or a step not begun, because its worst case does not fit under a cap. */
export class BudgetExceededError extends WinnowError {
  readonly cap: 'usd' | 'calls' | 'tokens' | 'labels';
  /** Calls under way whose settlement may free room. */
  readonly callsUnderWay: number;

  constructor(
    message: string,
    details: { cap: 'usd' | 'calls' | 'tokens' | 'labels'; callsUnderWay: number; hint: string },
  ) {
    super('BUDGET_EXCEEDED', message, { hint: details.hint });
    this.cap = details.cap;
    this.callsUnderWay = details.callsUnderWay;
  }
}
