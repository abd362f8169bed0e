import { type Conversation, spokenText } from '../domain/conversation.ts';
import { type Contamination, type ContaminationRule, findContamination } from '../text/contamination.ts';

/** Why an item is held out: by its words, or because its vector is that of a test item. */
export type HeldOutReason = ContaminationRule | 'nearly the same meaning';

/** An item that is held out. */
export interface HeldOut extends Omit<Contamination, 'rule'> {
  readonly rule: HeldOutReason;
}

/**
 * The items that repeat a test item, contain one or are part of one: to train on them would make a model look better than
 * it is. All turns of a conversation count, without the names of the speakers.
 * @param tests items that are never picked nor trained on
 * @returns by position, ascending; `test` is an index into `tests`
 */
export function findHeldOut(
  instructions: readonly Conversation[],
  tests: readonly Conversation[],
): ReadonlyMap<number, HeldOut> {
  return tests.length === 0 ? new Map() : findContamination(instructions.map(allWords), tests.map(allWords));
}

function allWords({ instruction, input = '', context }: Conversation): string {
  const { before = [], after = [] } = context ?? {};
  return [...before.map(spokenText), instruction, input, ...after.map(spokenText)].join('\n');
}

const LISTED = 5;

/** "3 items are held out: a (same text), b (contains it), …"; undefined where none is. */
export function heldOutText(
  heldOut: ReadonlyMap<number, HeldOut>,
  instructions: readonly { readonly id: string }[],
): string | undefined {
  if (heldOut.size === 0) return undefined;
  const listed = [...heldOut].slice(0, LISTED).map(([position, { rule }]) => `${instructions[position]!.id} (${rule})`);
  const more = heldOut.size > LISTED ? `, … and ${heldOut.size - LISTED} more` : '';
  const what = heldOut.size === 1 ? '1 item is' : `${heldOut.size.toLocaleString('en-US')} items are`;
  return `${what} held out, because test items repeat in them: ${listed.join(', ')}${more}.`;
}
