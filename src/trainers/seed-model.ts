import type { Conversation } from '../domain/conversation.ts';
import type { MicroUsd, Range } from '../domain/money.ts';
import type { Asker } from '../models/asker.ts';

export interface SeedModelAnswer {
  /** What the model said, be it that it declines. May be empty: some say nothing. Cut at the output limit, if it was longer. */
  readonly text: string;
  /** The model snapshot that answered. */
  readonly model: string;
  readonly costMicroUsd: MicroUsd;
  /** How sure the model is of it, in [0, 1], to compare answers of one model by; absent where it does not tell. */
  readonly confidence?: number;
}

/** A trained model that can be asked. */
export interface SeedModel {
  readonly name: string;
  /** Most answers worth having under way at once. */
  readonly concurrency: number;
  /**
   * @param options.subject which piece of work it belongs to, for people
   * @throws ReplyError when the item is longer than the model can read: it has no answer to this one
   * @throws ProviderError | BudgetExceededError; or the signal's reason
   */
  answer(
    item: Conversation,
    options: { readonly subject: string; readonly signal?: AbortSignal },
  ): Promise<SeedModelAnswer>;
  /** The LLM behind it, for what it can say beside answers: log-probabilities. Absent where there is none. */
  readonly asker?: Asker;
  /** What one answer costs, in micro-dollars. */
  estimate(item: Conversation): Range;
}
