import { embeddingText } from '../domain/instruction.ts';
import { excerpt } from '../text/excerpt.ts';
import type { OddItem, OddItems } from './pool-figures.ts';
import type { ReportFacts } from './report-facts.ts';

const SHOWN = 10;
const LONGEST_EXCERPT = 200;
/** Ids are a file's own, and as long as it likes. */
const LONGEST_ID = 200;

/** Rows that stand out among the vectors. */
export interface OddRows {
  readonly strangest: readonly { readonly position: number; readonly distance: number }[];
  readonly nearDuplicates: {
    readonly threshold: number;
    readonly count: number;
    readonly examples: readonly { readonly cosine: number; readonly first: number; readonly second: number }[];
  } | null;
}

/** What a lead should look at with their own eyes: the longest, the strangest, and those that are nearly there twice. */
export function oddItems({ instructions }: ReportFacts, { strangest, nearDuplicates }: OddRows): OddItems {
  const lengths = instructions.map((item) => embeddingText(item).length);
  const item = (position: number, measure: number): OddItem => ({
    id: excerpt(instructions[position]!.id, LONGEST_ID),
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
