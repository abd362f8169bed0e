import { BudgetExceededError } from '../domain/errors.ts';
import type { BudgetCaps, PlannedCall, Spending } from '../domain/ledger.ts';
import { formatUsdExactly } from '../domain/money.ts';
import { option, sentence, type Wording } from '../domain/wording.ts';

/** What the user calls the caps. */
export interface CapNames {
  readonly usd: Wording;
  readonly calls: Wording;
  readonly tokens: Wording;
}
const OPTIONS: CapNames = {
  usd: sentence`${option('maxMicroUsd')}`,
  calls: sentence`${option('maxCalls')}`,
  tokens: sentence`${option('maxTokens')}`,
};

/** What a call would come on top of. */
export interface CallContext {
  readonly spent: Spending;
  readonly callsUnderWay: number;
  readonly names?: Partial<CapNames>;
}

/** @throws BudgetExceededError where the worst case of a call does not fit under a cap */
export function checkCaps(call: PlannedCall, caps: BudgetCaps, { spent, callsUnderWay, names }: CallContext): void {
  const { maxMicroUsd, maxCalls, maxTokens } = caps;
  const { usd, calls, tokens } = { ...OPTIONS, ...names };
  const usedUsd = spent.settledMicroUsd + spent.reservedMicroUsd + spent.lostMicroUsd;
  // What is free fits even where a provider has billed more than the cap.
  const isFree = call.worstCaseMicroUsd === 0;
  if (maxMicroUsd !== undefined && !isFree && usedUsd + call.worstCaseMicroUsd > maxMicroUsd) {
    throw new BudgetExceededError(
      `${formatUsdExactly(usedUsd)} of ${formatUsdExactly(maxMicroUsd)} is spent or set aside; ` +
        `the next call (${call.subject}) could cost ${formatUsdExactly(call.worstCaseMicroUsd)}.`,
      { cap: 'usd', limit: maxMicroUsd, callsUnderWay, hint: goOn(usd) },
    );
  }
  const usedCalls = spent.settledCalls + spent.reservedCalls + spent.lostCalls;
  if (maxCalls !== undefined && usedCalls + 1 > maxCalls) {
    throw new BudgetExceededError(`${usedCalls} of ${maxCalls} calls are made or under way.`, {
      cap: 'calls',
      limit: maxCalls,
      callsUnderWay,
      hint: goOn(calls),
    });
  }
  const usedTokens = spent.inputTokens + spent.outputTokens + spent.unsettledTokens;
  if (maxTokens !== undefined && usedTokens + call.worstCaseTokens > maxTokens) {
    throw new BudgetExceededError(
      `${usedTokens} of ${maxTokens} tokens are used or set aside; ` +
        `the next call (${call.subject}) could use ${call.worstCaseTokens}.`,
      { cap: 'tokens', limit: maxTokens, callsUnderWay, hint: goOn(tokens) },
    );
  }
}

function goOn(cap: Wording): Wording {
  return sentence`Raise ${cap} and run the same command again: it goes on from here.`;
}
