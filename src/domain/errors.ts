import type { RateLimits } from './rate-limits.ts';
import { FREE } from './usage.ts';
import { type ErrorData, type ErrorOptions, WinnowError } from './winnow-error.ts';
import { option, sentence, type Wording } from './wording.ts';

/** Answers are not there yet: they come as a batch, which the provider still works on. */
export class BatchPendingError extends WinnowError {
  constructor(message: Wording) {
    const hint = sentence`Run the same command again to collect the answers and continue, or wait for them with ${option('wait', true)}.`;
    super('BATCH_PENDING', message, { hint });
  }
}

/** A call was not made, or a step not started, because its worst case does not fit under a cap. */
export class BudgetExceededError extends WinnowError {
  readonly cap: 'usd' | 'calls' | 'tokens' | 'labels';
  /** Calls under way whose settlement may free room. */
  readonly callsUnderWay: number;

  constructor(
    message: Wording,
    details: { cap: 'usd' | 'calls' | 'tokens' | 'labels'; limit: number; callsUnderWay: number; hint: Wording },
  ) {
    super('BUDGET_EXCEEDED', message, { hint: details.hint, data: { limit: details.limit } });
    this.cap = details.cap;
    this.callsUnderWay = details.callsUnderWay;
  }
}

/** The configuration file is missing, malformed or holds what it must not. */
export class ConfigError extends WinnowError {
  constructor(message: Wording, options: ErrorOptions = {}) {
    super('CONFIG_INVALID', message, options);
  }
}

/** The user was asked before money is spent, and said no. */
export class DeclinedError extends WinnowError {
  constructor() {
    super('DECLINED', 'Stopped. Nothing was spent.');
  }
}

/** Vectors could not be made, or given ones do not fit the pool. */
export class EmbeddingError extends WinnowError {
  constructor(message: Wording, options: ErrorOptions = {}) {
    super('EMBEDDING', message, options);
  }
}

/** The cluster cannot be used, or some of its shards failed. */
export class EngineError extends WinnowError {
  constructor(message: Wording, options: ErrorOptions = {}) {
    super('ENGINE', message, options);
  }
}

/** The user stopped the run. */
export class InterruptedError extends WinnowError {
  constructor() {
    super('INTERRUPTED', 'Interrupted.', { hint: 'Run the same command again to continue.' });
  }
}

/** Labels cannot be exported or imported. */
export class LabelError extends WinnowError {
  constructor(message: Wording, options: ErrorOptions = {}) {
    super('LABELS_FAILED', message, options);
  }
}

/** An instruction cannot be measured by any judge. The message says what is missing: "it has no response". */
export class NoValueError extends WinnowError {
  constructor(message: string) {
    super('NO_VALUE', message);
  }
}

/** More instructions are asked for than can be picked. */
export class NotEnoughError extends WinnowError {
  /** @param limit how many can be picked */
  constructor(message: Wording, hint: Wording, limit?: number) {
    super('NOT_ENOUGH', message, { hint, data: limit === undefined ? {} : { limit } });
  }
}

/** A result could not be written: the folder is missing, the disk is full, the file may not be replaced. */
export class OutputError extends WinnowError {
  constructor(message: Wording, options: ErrorOptions = {}) {
    super('OUTPUT', message, options);
  }
}

/** A pool file is missing, unreadable, empty, or holds a bad record. */
export class PoolError extends WinnowError {
  constructor(message: Wording, options: ErrorOptions = {}) {
    super('POOL', message, options);
  }
}

/** A prompt file is missing or malformed. */
export class PromptError extends WinnowError {
  constructor(message: Wording, options: ErrorOptions = {}) {
    super('PROMPT', message, options);
  }
}

export interface ProviderFailure {
  readonly provider: string;
  /** HTTP status, absent when no response came. */
  readonly status?: number | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** How long the provider asks to wait before the next request, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** What the response says of the provider's limits. */
  readonly limits?: RateLimits | undefined;
  /** `none`: turned down, certainly not billed; `unknown`: it may have been answered and billed. */
  readonly billing: 'none' | 'unknown';
  /** The message of the server, if it sent one. */
  readonly said?: string;
  /** Whether a content filter refused the text, so that other requests may well be answered. */
  readonly isFiltered?: boolean;
}

/** One request to a provider failed. */
export class ProviderError extends WinnowError implements ProviderFailure {
  readonly provider: string;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly limits: RateLimits | undefined;
  readonly billing: 'none' | 'unknown';
  readonly said: string;
  readonly isFiltered: boolean;

  constructor(message: Wording, failure: ProviderFailure, options: ErrorOptions = {}) {
    super('PROVIDER', message, options);
    this.provider = failure.provider;
    this.status = failure.status;
    this.retryable = failure.retryable;
    this.retryAfterMs = failure.retryAfterMs;
    this.limits = failure.limits;
    this.billing = failure.billing;
    this.said = failure.said ?? '';
    this.isFiltered = failure.isFiltered ?? false;
  }
}

/** A model's reply cannot be used. `problem` is addressed to the model, so that the model can be asked to fix it. */
export class ReplyError extends WinnowError {
  readonly problem: string;
  /** What the replies to this question have cost so far. */
  readonly costMicroUsd: number;

  constructor(problem: string, costMicroUsd = 0, hint?: Wording, message = `The reply cannot be used: ${problem}`) {
    super('REPLY_UNUSABLE', message, { hint });
    this.problem = problem;
    this.costMicroUsd = costMicroUsd;
  }

  /** The same error with another cost. */
  costing(costMicroUsd: number): ReplyError {
    return new ReplyError(this.problem, costMicroUsd, this.wording.hint, this.message);
  }
}

/** A content filter of the provider refused the text. It would refuse it again, so it is never asked again. */
export class FilteredError extends ReplyError {
  constructor(message: string, costMicroUsd = 0) {
    super(message, costMicroUsd, FILTERED_HINT, message);
  }

  override costing(costMicroUsd: number): FilteredError {
    return new FilteredError(this.message, costMicroUsd);
  }
}

/** With several items in a request, any of them may be the one. */
export const FILTERED_HINT = sentence`Leave the item out (${option('exclude')}) or use another model (${option('model')}). With several items in a request, a lower ${option('itemsPerQuery')} tells which one it is.`;

/** A file of pairs or a fitted scorer cannot be used. */
export class ScorerError extends WinnowError {
  constructor(message: Wording, options: ErrorOptions = {}) {
    super('SCORER', message, options);
  }
}

/** The state file cannot be used as it is. */
export class StateError extends WinnowError {
  declare readonly code: StateErrorCode;

  constructor(code: StateErrorCode, message: Wording, options: ErrorOptions = {}) {
    super(code, message, options);
  }
}

type StateErrorCode = 'STATE_FULL' | 'STATE_LOCKED' | 'STATE_MISMATCH' | 'STATE_NEWER' | 'STATE_UNREADABLE';

/** A campaign step was requested that is not the next one. */
export class StepError extends WinnowError {
  constructor(message: Wording, hint: Wording) {
    super('STEP_NOT_DUE', message, { hint });
  }
}

/** A worker thread did not start, failed or ended before its work was done. */
export class ThreadError extends WinnowError {
  constructor(message: string, cause?: unknown) {
    const hint = 'Run the command again. If memory ran out, raise it: NODE_OPTIONS=--max-old-space-size=8192.';
    super('THREAD_FAILED', message, { hint, cause });
  }
}

/** Training the seed model failed. */
export class TrainingError extends WinnowError {
  /** What the failed try has cost: known, or else the most it can have. */
  readonly costMicroUsd: number;

  constructor(message: Wording, options: ErrorOptions & { costMicroUsd?: number } = {}) {
    super('TRAINING_FAILED', message, options);
    this.costMicroUsd = options.costMicroUsd ?? 0;
  }
}

/** A model's price is not known, so no cost could be held to a cap. */
export class UnknownPriceError extends WinnowError {
  /**
   * @param of.priceOption the option that prices this model
   * @param of.pricedAs a model that may be behind the name, where names of the provider say nothing of prices
   */
  constructor(
    provider: string,
    model: string,
    pricesAsOf?: string,
    { priceOption = 'price', pricedAs }: { readonly priceOption?: string; readonly pricedAs?: string | undefined } = {},
  ) {
    const table = pricesAsOf === undefined ? 'the price table' : `the price table of ${pricesAsOf}`;
    super('UNKNOWN_PRICE', `The price of ${provider} model "${model}" is not in ${table}.`, {
      hint: sentence`${
        pricedAs === undefined
          ? 'Set it'
          : sentence`Name the model behind it, such as ${option('pricedAs', pricedAs)}, or set its price`
      }: ${option(priceOption, EXAMPLE_PRICE)} for $0.15 per million input tokens and $0.60 per million output tokens, or ${option(priceOption, FREE)} for a free model.`,
    });
  }
}

export const EXAMPLE_PRICE = { input: 150_000, cachedInput: 150_000, output: 600_000 };

/** An option or argument is missing, malformed or contradicts another (exit code 2). */
export class UsageError extends WinnowError {
  constructor(message: Wording, hint?: Wording, data?: ErrorData) {
    super('USAGE', message, { hint, data });
  }

  /** The same error, told what it is about. */
  about(subject: Wording): UsageError {
    const { message, hint } = this.wording;
    return new UsageError(sentence`${subject}: ${message}`, hint, this.data);
  }
}

/** The annotation page cannot be served. */
export class WebError extends WinnowError {
  constructor(
    code: 'PORT_IN_USE' | 'ADDRESS_UNUSABLE' | 'PAGE_MISSING',
    message: Wording,
    options: ErrorOptions & { hint: Wording },
  ) {
    super(code, message, options);
  }
}
