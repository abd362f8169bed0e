import { BudgetExceededError } from '../../src/domain/errors.ts';
import type { BudgetCaps, CallLedger, PaidReply, PlannedCall, Spending } from '../../src/domain/ledger.ts';

interface Attempt {
  readonly call: PlannedCall;
  state: 'reserved' | 'settled' | 'released' | 'lost';
  reply?: PaidReply;
  error?: string;
}

/** A ledger without a file. It checks after every step that no cap is exceeded and no attempt ends twice. */
export class MemoryLedger implements CallLedger {
  readonly attempts: Attempt[] = [];
  readonly rates: CallLedger['rates'];
  readonly #caps: BudgetCaps;

  constructor(caps: BudgetCaps = {}, rates?: CallLedger['rates']) {
    this.#caps = caps;
    this.rates = rates;
  }

  /** How many attempts are in each state. */
  get states(): Readonly<Record<Attempt['state'], number>> {
    const states = { reserved: 0, settled: 0, released: 0, lost: 0 };
    for (const { state } of this.attempts) states[state] += 1;
    return states;
  }

  reserve(call: PlannedCall): number {
    const exceeded = this.#exceededCap(call);
    if (exceeded) {
      throw new BudgetExceededError(`The next call does not fit under the cap of ${exceeded.cap}.`, {
        cap: exceeded.cap,
        limit: exceeded.limit,
        callsUnderWay: this.states.reserved,
        hint: 'Raise the cap.',
      });
    }
    this.attempts.push({ call, state: 'reserved' });
    return this.attempts.length - 1;
  }

  settle(attempt: number, reply: PaidReply): void {
    this.#end(attempt, { state: 'settled', reply });
  }

  release(attempt: number, error: string): void {
    this.#end(attempt, { state: 'released', error });
  }

  lose(attempt: number, error: string): void {
    this.#end(attempt, { state: 'lost', error });
  }

  findReply(requestHash: string): PaidReply | undefined {
    return this.attempts.find(({ call, reply }) => call.requestHash === requestHash && reply)?.reply;
  }

  spending(): Spending {
    const spending = {
      settledMicroUsd: 0,
      reservedMicroUsd: 0,
      lostMicroUsd: 0,
      settledCalls: 0,
      reservedCalls: 0,
      lostCalls: 0,
      recountedCalls: 0,
      inputTokens: 0,
      cachedInputTokens: 0,
      outputTokens: 0,
      unsettledTokens: 0,
    };
    for (const { call, state, reply } of this.attempts) {
      if (state === 'released') continue;
      spending[`${state}Calls`] += 1;
      if (reply) {
        spending.settledMicroUsd += reply.costMicroUsd;
        if (reply.reported) spending.recountedCalls += 1;
        spending.inputTokens += reply.usage.inputTokens;
        spending.cachedInputTokens += reply.usage.cachedInputTokens;
        spending.outputTokens += reply.usage.outputTokens;
      } else {
        spending[state === 'lost' ? 'lostMicroUsd' : 'reservedMicroUsd'] += call.worstCaseMicroUsd;
        spending.unsettledTokens += call.worstCaseTokens;
      }
    }
    return spending;
  }

  #end(attempt: number, ending: Omit<Attempt, 'call'>): void {
    const entry = this.attempts[attempt];
    if (entry?.state !== 'reserved') throw new Error(`Attempt ${attempt} ends again: ${entry?.state}.`);
    Object.assign(entry, ending);
    const exceeded = this.#exceededCap();
    if (exceeded) throw new Error(`The cap of ${exceeded.cap} is exceeded.`);
  }

  #exceededCap(call?: PlannedCall) {
    const { maxMicroUsd = Infinity, maxCalls = Infinity, maxTokens = Infinity } = this.#caps;
    const spent = this.spending();
    const microUsd = spent.settledMicroUsd + spent.reservedMicroUsd + spent.lostMicroUsd;
    const calls = spent.settledCalls + spent.reservedCalls + spent.lostCalls;
    const tokens = spent.inputTokens + spent.outputTokens + spent.unsettledTokens;
    if (microUsd + (call?.worstCaseMicroUsd ?? 0) > maxMicroUsd) return { cap: 'usd', limit: maxMicroUsd } as const;
    if (calls + (call ? 1 : 0) > maxCalls) return { cap: 'calls', limit: maxCalls } as const;
    if (tokens + (call?.worstCaseTokens ?? 0) > maxTokens) return { cap: 'tokens', limit: maxTokens } as const;
    return undefined;
  }
}
