import type { Random } from '../../../math/random.ts';
import type { LlmRequest, PromptCandidate } from '../../../models/providers/llm-client.ts';

/** A candidate without its id. */
export type ShownItem = Omit<PromptCandidate, 'id'>;

export interface Choice {
  readonly id: string;
  /** Empty where the model was asked for ids alone. */
  readonly reason: string;
}

/** How a prompt shows candidates and how its answer is written. Prompts name theirs: `layout` in their front matter. */
export interface ChoiceForm {
  /** A text as the prompt has it: what its tokens are counted by. */
  shownText(text: string): string;
  /** A different opaque id for each item. */
  drawIds(items: readonly ShownItem[], random: Pick<Random, 'below'>): string[];
  /** One line, also of a text with line breaks. */
  candidateLine(candidate: PromptCandidate): string;
  schema(ids: readonly string[], count: number): NonNullable<LlmRequest['schema']>;
  /** Tokens of an answer: what is expected, and the most that is allowed. */
  readonly outputTokens: Readonly<Record<'expected' | 'most', { readonly perPick: number; readonly beside: number }>>;
  /** @throws ReplyError unless the reply has exactly `count` different ids of `ids` */
  parse(text: string, ids: ReadonlySet<string>, count: number): Choice[];
  /** The sizes of queries, with what the options do not say filled in. */
  sizes(given: Partial<QuerySizes>): QuerySizes;
}

export interface QuerySizes {
  /** Picks of a query. */
  readonly perQuery: number;
  /** Candidates of a query. */
  readonly itemsPerQuery: number;
}
