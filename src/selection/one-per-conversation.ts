import type { Instruction } from '../domain/instruction.ts';
import { seededRandom } from '../math/random.ts';

/**
 * Keeps one item of each conversation, drawn at random from its open ones, and none of a conversation that has a taken
 * item, so that a selection does not pay twice for nearly the same history. Items that name no conversation all stay.
 * Pure. O(n).
 * @param open positions, ascending
 * @param taken positions that are labeled or handed out
 * @returns ascending; `open` itself where nothing is left out
 */
export function onePerConversation(
  open: readonly number[],
  instructions: readonly Pick<Instruction, 'conversation'>[],
  taken: Iterable<number>,
  seed: number,
): readonly number[] {
  const groups = new Map<string, number[]>();
  for (const position of open) {
    const { conversation } = instructions[position]!;
    if (conversation === undefined) continue;
    const group = groups.get(conversation);
    if (group === undefined) groups.set(conversation, [position]);
    else group.push(position);
  }
  if (groups.size === 0) return open;
  const takenConversations = new Set<string>();
  for (const position of taken) {
    const { conversation } = instructions[position]!;
    if (conversation !== undefined) takenConversations.add(conversation);
  }
  const kept = new Set(
    [...groups].flatMap(([conversation, group]) =>
      takenConversations.has(conversation)
        ? []
        : [group[seededRandom(seed, 'conversation', conversation).below(group.length)]!],
    ),
  );
  return open.filter((position) => instructions[position]!.conversation === undefined || kept.has(position));
}
