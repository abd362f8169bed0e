import type { JudgedItem } from '../judge.ts';
import { BLEMISHES } from './blemishes.ts';
import { DEMANDS } from './demands.ts';
import { relatedness } from './relatedness.ts';
import { readResponse } from './response-reading.ts';
import { substance } from './substance.ts';
import { MOST_NOTES, type Verdict } from './verdict.ts';

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
