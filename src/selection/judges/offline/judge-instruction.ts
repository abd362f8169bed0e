import { type Appraisal, appraise } from '../../../models/offline/appraise.ts';
import type { JudgedItem } from '../judge.ts';
import { MOST_NOTES, type Verdict } from './verdict.ts';

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
