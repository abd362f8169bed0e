import { conversationText } from '../domain/conversation.ts';
import { embeddingText } from '../domain/instruction.ts';
import { excerpt } from '../text/excerpt.ts';
import { nameExcerpt } from './excerpts.ts';
import type { OddItem, OddItems } from './pool-figures.ts';
import type { ReportFacts } from './report-facts.ts';

const SHOWN = 10;
const LONGEST_EXCERPT = 200;

/** Outliers and near-duplicates by their vectors. */
export interface OddRows {
  readonly strangest: readonly { readonly position: number; readonly distance: number }[];
  readonly nearDuplicates: {
    readonly threshold: number;
    readonly count: number;
    readonly examples: readonly { readonly cosine: number; readonly first: number; readonly second: number }[];
  } | null;
}

/** Items that a person should check: the longest, the outliers and the near-duplicates. */
export function oddItems({ instructions }: ReportFacts, { strangest, nearDuplicates }: OddRows): OddItems {
  const lengths = instructions.map((item) => conversationText(item).length);
  const item = (position: number, measure: number): OddItem => ({
    id: nameExcerpt(instructions[position]!.id),
    position,
    excerpt: excerpt(embeddingText(instructions[position]!), LONGEST_EXCERPT),
    measure,
  });
  const longest = [...lengths.keys()].sort((a, b) => lengths[b]! - lengths[a]! || a - b).slice(0, SHOWN);
  return {
    longest: longest.map((position) => item(position, lengths[position]!)),
    strangest: strangest.map(({ position, distance }) => item(position, distance)),
    nearDuplicates: nearDuplicates && {
      ...nearDuplicates,
      examples: nearDuplicates.examples.map(({ cosine, first, second }) => ({
        cosine,
        first: item(first, cosine),
        second: item(second, cosine),
      })),
    },
  };
}
