import { capitalized } from '../../text/words.ts';
import type { Choice } from './choose-candidates.ts';

/** A reason names this many features at most. */
const MOST_NOTES = 3;
/** Texts at least this similar look alike to a reader. */
const ALIKE = 0.6;

/**
 * Why a candidate was chosen, in one short line: the features that found something, in their fixed order, then the
 * problems of the candidate. The reason never quotes the candidate, so pool text cannot reach it.
 */
export function explainChoice(choice: Choice): string {
  const { clarity, richness } = choice.appraisal;
  const notes = richness.map(({ note }) => note).filter((note) => note !== '');
  if (notes.length === 0) notes.push('short, simple request');
  const doubts = clarity.note === '' ? [] : [clarity.note];
  if (choice.similarityToEarlier >= ALIKE) doubts.push('similar to an earlier pick');
  const problems = doubts.length === 0 ? '' : `; but ${doubts.join(', ')}`;
  return capitalized(`${notes.slice(0, MOST_NOTES).join('; ')}${problems}`);
}
