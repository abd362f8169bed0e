import { contextText, identityText } from '../../domain/conversation.ts';
import { type Instruction, textHash } from '../../domain/instruction.ts';
import type { Pool } from '../../domain/pool.ts';
import { type ShownText, showsItem } from '../../labels/shown-text.ts';

export interface LabeledItems {
  /** Positions of the pool that are labeled already, ascending. */
  readonly positions: readonly number[];
  /** Labeled items that are not in the pool. */
  readonly outside: readonly Instruction[];
  /** Of the labeled items, those whose id leads to another text in the pool. */
  readonly otherTexts: readonly Instruction[];
}

/**
 * Finds labeled items in the pool by text, and by id where the texts agree but for spaces and the like: files that number
 * their records from 1 share ids and no text. Records merged as duplicates, on either side, count by each of their ids.
 */
export function matchLabeled(pool: Pool, labeled: Pool): LabeledItems {
  const positionOfId = new Map(pool.mergedIds);
  /** Several, where a pool is read by pairs: an instruction with each of its responses. */
  const positionsOfText = new Map<string, number[]>();
  for (const [position, item] of pool.instructions.entries()) {
    positionOfId.set(item.id, position);
    const hash = textHash(identityText(item));
    positionsOfText.set(hash, [...(positionsOfText.get(hash) ?? []), position]);
  }
  const idsOfLabeled = labeled.instructions.map(({ id }) => [id]);
  for (const [id, position] of labeled.mergedIds) idsOfLabeled[position]!.push(id);

  const positions = new Set<number>();
  const outside: Instruction[] = [];
  const otherTexts: Instruction[] = [];
  for (const [index, item] of labeled.instructions.entries()) {
    const named = idsOfLabeled[index]!.flatMap((id) => positionOfId.get(id) ?? []);
    const byId = named.filter((position) => showsItem(shownBy(item), pool.instructions[position]!));
    const byText = positionsOfText.get(textHash(identityText(item))) ?? [];
    for (const position of [...byId, ...byText]) positions.add(position);
    if (byId.length === 0 && byText.length === 0) outside.push(item);
    if (named.length > byId.length && byText.length === 0) otherTexts.push(item);
  }
  return { positions: [...positions].sort((a, b) => a - b), outside, otherTexts };
}

function shownBy(item: Instruction): ShownText {
  return { instruction: item.instruction, input: item.input ?? '', context: contextText(item) ?? '' };
}
