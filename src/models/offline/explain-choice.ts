import type { Choice } from './choose-candidates.ts';

/** A reason names this many features at most. */
const MOST_NOTES = 3;
/** From here on, a reader would call two texts alike. */
const ALIKE = 0.6;

/**
 * Why a candidate was chosen, in one short line of our own words: the features that found something, in their fixed
 * order, then what speaks against it. Never quotes the candidate, so no text of the pool can write itself into a reason.
 */
export function explainChoice(choice: Choice): string {
  const { clarity, richness } = choice.appraisal;
  const notes = richness.map(({ note }) => note).filter((note) => note !== '');
  if (notes.length === 0) notes.push('short and plain');
  const doubts = clarity.note === '' ? [] : [clarity.note];
  if (choice.similarityToEarlier >= ALIKE) doubts.push('much like an earlier choice');
  return notes.slice(0, MOST_NOTES).join('; ') + (doubts.length === 0 ? '' : `; but ${doubts.join(', ')}`);
}
