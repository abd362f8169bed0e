import type { Conversation } from '../../domain/conversation.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { OptionsSchema } from '../../domain/options.ts';
import type { CallCost } from '../../domain/usage.ts';
import type { Asker } from '../../models/asker.ts';
import type { Embedder } from '../../models/embedders/embedder.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import type { Criterion, PromptDeclaration } from './criteria.ts';

export interface JudgedItem extends Conversation {
  /** Required by criteria of responses, ignored by the others. Empty when a model returned no text. */
  readonly response?: string;
}

export interface Judgment {
  /** On the criterion's scale; may be a fraction. */
  readonly score: number;
  /** Never empty. */
  readonly reason: string;
  /** The snapshot of the judging model. */
  readonly model: string;
  readonly costMicroUsd: MicroUsd;
}

/** Scores items by one criterion. Deterministic for a given item, except for the answers of LLMs. */
export interface Judge {
  readonly criterion: Criterion;
  /** The judge and, after a comma, its prompt. Scores under another name must not be compared or reused. */
  readonly name: string;
  /** The judge's name for people: without address, prompt, version and limits. */
  readonly shortName: string;
  /** Most judgments worth running at once. */
  readonly concurrency: number;
  /**
   * @param options.subject the piece of work it belongs to, for people
   * @param options.generation raised by one to retry items without a usable score; usable scores stay unchanged
   * @throws ReplyError when there is no usable score after two repairs; there is never a default score
   * @throws ProviderError | BudgetExceededError; or the signal's reason
   */
  judge(
    item: JudgedItem,
    options: { readonly subject: string; readonly generation?: number; readonly signal?: AbortSignal },
  ): Promise<Judgment>;
  /**
   * The cost of judging an item up to a generation, by default the first; the worst case includes repairs. Zero when it
   * is judged already, or when every allowed attempt failed.
   */
  estimate(item: JudgedItem, options?: { readonly generation?: number }): CallCost;
}

/** The models and prompts that judges use. Each is opened when it is first needed. */
export interface JudgeSources {
  /** The LLM that judges, with its endpoint as the client reports it. */
  judgingLlm(): Promise<{ readonly asker: Asker; readonly endpoint: string }>;
  /** An embedder on this machine, since a free judge must not cost anything. */
  localEmbedder(): Promise<Embedder>;
  prompt(id: string, variables: readonly string[]): PromptTemplate;
}

/** One kind of judge. Stateless. */
export interface JudgeKind {
  /** As the user types it. */
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** The method or data it is built on. */
  readonly source: string;
  /** Its limits, for the docs. */
  readonly limits: string;
  /** `llm`: the LLM that judges; `embedder`: a local embedder; `none`: nothing. */
  readonly needs: 'llm' | 'embedder' | 'none';
  /** Its own options. Strategies that use a judge's scores accept them too. */
  readonly options: OptionsSchema;
  judges(criterion: Criterion): boolean;
  prompts(criterion: Criterion): readonly PromptDeclaration[];
  /**
   * @param criterion one of those it judges
   * @param options may include options of others
   */
  open(criterion: Criterion, options: Readonly<Record<string, unknown>>, sources: JudgeSources): Promise<Judge>;
}

/** The first part of a judge's name: the judge without its prompt. */
export function nameWithoutPrompt(name: Judge['name']): string {
  return name.split(', ', 1)[0]!;
}
