import { type Appraisal, appraise } from '../../../models/offline/appraise.ts';
import type { JudgedItem } from '../judge.ts';
import { relatedness, substance } from './response-content.ts';
import { BLEMISHES, DEMANDS } from './response-flaws.ts';
import { readResponse } from './response-reading.ts';

/** What the offline judge makes of an item, before it is put on a criterion's scale. */
export interface Verdict {
  /** In [0, 1]. */
  readonly value: number;
  /** One line of our own words, never text of the item. */
  readonly reason: string;
}

/** A reason names this many features at most. */
export const MOST_NOTES = 2;

/** How much of its quality a clear instruction can lose by asking for little: less than what sets junk apart. */
const RICHNESS_SHARE = 0.3;

/**
 * Whether a person could answer the instruction, mostly: the ranker's clarity, of which a plain instruction keeps 70 %
 * and a rich one more.
 */
export function judgeQuality(item: JudgedItem): Verdict {
  const appraisal = appraise(item);
  const { clarity, richness } = appraisal;
  const mean = richness.reduce((sum, { value }) => sum + value, 0) / richness.length;
  return {
    value: clarity.value * (1 - RICHNESS_SHARE * (1 - mean)),
    reason: clarity.note === '' ? `clear; ${whatIsRich(appraisal)}` : clarity.note,
  };
}

/** How much the instruction demands: the value by which the offline ranker chooses, as it is. */
export function judgeComplexity(item: JudgedItem): Verdict {
  const appraisal = appraise(item);
  const doubts = appraisal.clarity.note === '' ? '' : `; but ${appraisal.clarity.note}`;
  return { value: appraisal.value, reason: `${whatIsRich(appraisal)}${doubts}` };
}

/** The features that found most, ties in their fixed order. */
function whatIsRich({ richness }: Appraisal): string {
  const notes = [...richness]
    .sort((left, right) => right.value - left.value)
    .map(({ note }) => note)
    .filter((note) => note !== '');
  return notes.length === 0 ? 'short and plain' : notes.slice(0, MOST_NOTES).join('; ');
}

/**
 * What a response that says nothing beyond the instruction loses. Below 0.44, so that "yes" and extracts from the
 * material can reach 6 of 10.
 */
const SUBSTANCE_SHARE = 0.4;
/** What costs less than this does not make a reason. */
const WORTH_NAMING = 0.85;

/**
 * How well a response seems to answer its instruction: relatedness × substance × what each flaw leaves. It understands
 * nothing: a wrong answer on the subject counts like a right one.
 *
 * A product, so that neither much text about something else nor a short echo gets far. No weight is fitted, and logistic
 * regression over such features did worse on the data set it had not seen. Each cost is a guess; some were changed after
 * looking at the reviews the judge is measured on (`scripts/measure-offline-judge.ts`), which flatters it a little: moving
 * one constant by a quarter to a half moves its agreement of 78 % between 76 and 79 %. It does not beat the longer answer
 * everywhere: not on responses that experts revised, where the revision nearly always is the longer one.
 *
 * @param cosine of the embeddings of instruction with input, and of the response; not read when the response is empty
 */
export function judgeResponse(item: JudgedItem, cosine: number): Verdict {
  const reading = readResponse(item);
  if (reading.response === '') return { value: 0, reason: 'says nothing' };
  const related = relatedness(reading, cosine);
  const said = substance(reading);
  const traits = [
    { note: 'shares little with the instruction', kept: related },
    { note: 'says little', kept: 1 - SUBSTANCE_SHARE * (1 - said) },
    ...[...BLEMISHES, ...DEMANDS].map(({ note, keeps }) => ({ note, kept: keeps(reading) })),
  ];
  const costs = traits.filter(({ kept }) => kept < WORTH_NAMING).sort((left, right) => left.kept - right.kept);
  return {
    value: traits.reduce((product, { kept }) => product * kept, 1),
    reason:
      costs.length === 0
        ? `keeps to the instruction; ${said >= 0.8 ? 'says much' : 'says enough'}`
        : costs
            .slice(0, MOST_NOTES)
            .map(({ note }) => note)
            .join('; '),
  };
}
