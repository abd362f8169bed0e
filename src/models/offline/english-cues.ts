import type { Instruction } from '../../domain/instruction.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import { unreadShare } from '../../text/unread-script.ts';

/** More tell nothing new. */
const MOST_LOOKED_AT = 1_000;
const MOST_CHARACTERS = 400;
/** A detector errs on single short texts. Below, nothing is said. */
const LEAST_SHARE = 0.02;

/**
 * Warns where the offline judge or ranker reads texts that are not English: its cues are English words. Languages are
 * detected in up to 1,000 items, evenly spread. O(items looked at).
 * @param who reads them: "offline ranker"
 */
export async function englishCuesNote(
  who: string,
  instructions: readonly Pick<Instruction, 'instruction'>[],
): Promise<readonly Wording[]> {
  const every = Math.max(1, instructions.length / MOST_LOOKED_AT);
  const sample: string[] = [];
  for (let at = 0; at < instructions.length; at += every) sample.push(instructions[Math.floor(at)]!.instruction);
  const { eld } = await import('eld/extrasmall');
  const foreign = sample.filter((text) => {
    if (unreadShare(text) > 0) return true;
    const { language } = eld.detect(text.slice(0, MOST_CHARACTERS));
    return language !== '' && language !== 'en';
  });
  if (foreign.length === 0 || foreign.length < LEAST_SHARE * sample.length) return [];
  const share = Math.max(1, Math.round((100 * foreign.length) / sample.length));
  return [
    sentence`About ${share} % of the items are not in English. The ${who} looks for English words, so its scores mean less there. An LLM reads other languages: set ${option('provider')} and ${option('model')}.`,
  ];
}
