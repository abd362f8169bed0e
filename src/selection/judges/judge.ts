import type { MicroUsd } from '../../domain/money.ts';
import type { CallCost } from '../../domain/usage.ts';

/**
 * What is judged: of an instruction alone its `quality` and `complexity`; of an instruction with a response the
 * `accuracy` and the `helpfulness` (AlpaGasus), the `response-quality` (DEITA), and the `necessity` (how well a seed
 * model does: low = its training needs this instruction).
 */
export const CRITERIA = ['quality', 'complexity', 'accuracy', 'helpfulness', 'response-quality', 'necessity'] as const;
export type Criterion = (typeof CRITERIA)[number];

/** Lowest and highest score, both inclusive. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** AlpaGasus rates from 0 to 5, DEITA from 1 to 6, the pairwise reviews of GPT-4 from 1 to 10. */
export const SCALES: Readonly<Record<Criterion, Scale>> = {
  quality: { min: 0, max: 5 },
  complexity: { min: 1, max: 6 },
  accuracy: { min: 0, max: 5 },
  helpfulness: { min: 0, max: 5 },
  'response-quality': { min: 1, max: 6 },
  necessity: { min: 1, max: 10 },
};

/** Whether a criterion is about an instruction with a response, rather than about an instruction alone. */
export function judgesResponse(criterion: Criterion): boolean {
  return criterion !== 'quality' && criterion !== 'complexity';
}

export interface JudgedItem {
  readonly instruction: string;
  readonly input?: string;
  /** Required by criteria that judge responses, ignored by the others. May be empty: a model that said nothing. */
  readonly response?: string;
}

export interface Judgment {
  /** On the criterion's scale; need not be whole. */
  readonly score: number;
  /** Never empty. */
  readonly reason: string;
  /** The model snapshot that judged. */
  readonly model: string;
  readonly costMicroUsd: MicroUsd;
}

/** Scores items by one criterion. Deterministic for a given item, but for what an LLM may answer. */
export interface Judge {
  readonly criterion: Criterion;
  readonly scale: Scale;
  /** Who judges and, behind a comma, by which prompt; a score of another name must not be compared or reused. */
  readonly name: string;
  /** Who judges, for people: without address, prompt, version and limits. */
  readonly shortName: string;
  /** Most judgments worth having under way at once. */
  readonly concurrency: number;
  /**
   * @param options.subject which piece of work it belongs to, for people
   * @param options.generation raised by one to try again what had no usable score; all that had one stays as it is
   * @throws ReplyError when no usable score came after two repairs: never a default score
   * @throws ProviderError | BudgetExceededError; or the signal's reason
   */
  judge(
    item: JudgedItem,
    options: { readonly subject: string; readonly generation?: number; readonly signal?: AbortSignal },
  ): Promise<Judgment>;
  /**
   * What judging one such item takes up to a generation, by default the first; the worst case includes repairs. Nothing
   * where it is judged already, or where all that may be asked has been and came to nothing.
   */
  estimate(item: JudgedItem, options?: { readonly generation?: number }): CallCost;
}

/** Who judges, of a judge's name: what people need to know of it. */
export function whoJudges(name: Judge['name']): string {
  return name.split(', ', 1)[0]!;
}
