import { contextText } from '../../../domain/conversation.ts';
import { type Appraisal, appraise } from '../../../models/offline/appraise.ts';
import { capitalized } from '../../../text/words.ts';
import type { JudgedItem } from '../judge.ts';
import { relatedness, substance } from './response-content.ts';
import { RESPONSE_FLAWS } from './response-flaws.ts';
import { readResponse } from './response-reading.ts';

/** The offline judge's score of an item, before it is mapped to a criterion's scale. */
export interface Verdict {
  /** In [0, 1]. */
  readonly value: number;
  /** One line, starting with a capital. It never quotes the item. */
  readonly reason: string;
}

/** A reason names this many features at most. */
const MOST_NOTES = 2;

/** The share of its quality that a clear but simple instruction can lose: less than what separates it from junk. */
const RICHNESS_SHARE = 0.3;

/**
 * Mostly whether a person could answer the instruction: the ranker's clarity. A simple instruction keeps 70 % of it, a
 * richer one more.
 */
export function judgeQuality(item: JudgedItem): Verdict {
  const appraisal = appraise(candidateOf(item));
  const { clarity, richness } = appraisal;
  const mean = richness.reduce((sum, { value }) => sum + value, 0) / richness.length;
  return {
    value: clarity.value * (1 - RICHNESS_SHARE * (1 - mean)),
    reason: capitalized(clarity.note === '' ? `clear; ${richestNotes(appraisal)}` : clarity.note),
  };
}

/** How demanding the instruction is: the unchanged value by which the offline ranker chooses. */
export function judgeComplexity(item: JudgedItem): Verdict {
  const appraisal = appraise(candidateOf(item));
  const doubts = appraisal.clarity.note === '' ? '' : `; but ${appraisal.clarity.note}`;
  return { value: appraisal.value, reason: capitalized(`${richestNotes(appraisal)}${doubts}`) };
}

/** The item as the ranker reads candidates. */
function candidateOf(item: JudgedItem) {
  const earlier = contextText(item);
  return { ...item, ...(earlier === undefined ? {} : { earlier_conversation: earlier }) };
}

/** The notes of the features with the highest values, ties in their fixed order. */
function richestNotes({ richness }: Appraisal): string {
  const notes = [...richness]
    .sort((left, right) => right.value - left.value)
    .map(({ note }) => note)
    .filter((note) => note !== '');
  return notes.length === 0 ? 'short, simple request' : notes.slice(0, MOST_NOTES).join('; ');
}

/**
 * What a response loses that adds nothing to the instruction. Below 0.44, so that "yes" and extracts from the material
 * can reach 6 of 10.
 */
const SUBSTANCE_SHARE = 0.4;
/** The reason names only traits that keep less than this share. */
const WORTH_NAMING = 0.85;

/**
 * How well a response seems to answer its instruction: relatedness × substance × the share that each flaw leaves. The
 * judge does not understand the text: a wrong answer on the subject scores like a right one.
 *
 * The factors are multiplied so that neither a long text about something else nor a short echo scores high. No weight is
 * fitted: logistic regression over such features did worse on the data set it had not seen. Each cost is a guess. Some
 * costs were changed after a look at the reviews that the judge is measured on (`scripts/measure-offline-judge.ts`),
 * which flatters it a little: changing one constant by a quarter to a half moves its agreement of 78 % between 76 and
 * 79 %. The judge does not beat the longer answer everywhere: on responses that experts revised, the revision is nearly
 * always the longer one.
 *
 * @param cosine of the embeddings of instruction with input, and of the response; not read when the response is empty
 */
export function judgeResponse(item: JudgedItem, cosine: number): Verdict {
  const reading = readResponse(item);
  if (reading.response === '') return { value: 0, reason: 'Empty response' };
  const related = relatedness(reading, cosine);
  const content = substance(reading);
  const traits = [
    { note: 'barely related to the instruction', kept: related },
    { note: 'little content', kept: 1 - SUBSTANCE_SHARE * (1 - content) },
    ...RESPONSE_FLAWS.map(({ note, keeps }) => ({ note, kept: keeps(reading) })),
  ];
  const costs = traits.filter(({ kept }) => kept < WORTH_NAMING).sort((left, right) => left.kept - right.kept);
  return {
    value: traits.reduce((product, { kept }) => product * kept, 1),
    reason: capitalized(
      costs.length === 0
        ? `on topic; ${content >= 0.8 ? 'detailed' : 'enough content'}`
        : costs
            .slice(0, MOST_NOTES)
            .map(({ note }) => note)
            .join('; '),
    ),
  };
}
