import type { MicroUsd } from '../../domain/money.ts';
import type { OptionsSchema } from '../../domain/options.ts';
import type { CallCost } from '../../domain/usage.ts';
import type { Asker } from '../../models/asker.ts';
import type { Embedder } from '../../models/embedders/embedder.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import type { Criterion, PromptDeclaration } from './criteria.ts';

export interface JudgedItem {
  readonly instruction: string;
  readonly input?: string;
  /** Required by criteria of responses, ignored by the others. May be empty: a model that said nothing. */
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

/** Scores items by one criterion. Deterministic for a given item, except for what an LLM may answer. */
export interface Judge {
  readonly criterion: Criterion;
  /** The judge and, after a comma, its prompt. Scores of another name must not be compared or reused. */
  readonly name: string;
  /** Who judges, for people: without address, prompt, version and limits. */
  readonly shortName: string;
  /** Most judgments worth having under way at once. */
  readonly concurrency: number;
  /**
   * @param options.subject which piece of work it belongs to, for people
   * @param options.generation raised by one to try again what had no usable score; every usable score stays as it is
   * @throws ReplyError when no usable score came after two repairs: never a default score
   * @throws ProviderError | BudgetExceededError; or the signal's reason
   */
  judge(
    item: JudgedItem,
    options: { readonly subject: string; readonly generation?: number; readonly signal?: AbortSignal },
  ): Promise<Judgment>;
  /**
   * What judging one such item takes up to a generation, by default the first; the worst case includes repairs. Nothing
   * where it is judged already, or where every allowed attempt failed.
   */
  estimate(item: JudgedItem, options?: { readonly generation?: number }): CallCost;
}

/** What judges are opened with, each part opened when it is first needed. */
export interface JudgeSources {
  /** The LLM that judges, and where it is served, as its client says. */
  judgingLlm(): Promise<{ readonly asker: Asker; readonly endpoint: string }>;
  /** One that runs on this machine: a free judge must not cost anything. */
  localEmbedder(): Promise<Embedder>;
  prompt(id: string, variables: readonly string[]): PromptTemplate;
}

/** One kind of judge. Stateless. */
export interface JudgeKind {
  /** As the user types it. */
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** What it is built on. */
  readonly source: string;
  /** What it cannot do, for the docs. */
  readonly limits: string;
  /** `llm`: the LLM that judges; `embedder`: a local one; `none`: nothing. */
  readonly needs: 'llm' | 'embedder' | 'none';
  /** Its own options. Strategies that take scores from a judge accept them too. */
  readonly options: OptionsSchema;
  judges(criterion: Criterion): boolean;
  prompts(criterion: Criterion): readonly PromptDeclaration[];
  /**
   * @param criterion one that it judges
   * @param options its own, among others
   */
  open(criterion: Criterion, options: Readonly<Record<string, unknown>>, sources: JudgeSources): Promise<Judge>;
}

/** The first part of a judge's name: the judge without its prompt. */
export function whoJudges(name: Judge['name']): string {
  return name.split(', ', 1)[0]!;
}
