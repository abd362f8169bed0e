import { identityText } from '../../domain/conversation.ts';
import { type Instruction, textHash } from '../../domain/instruction.ts';
import type { Pool } from '../../domain/pool.ts';

export interface LabeledItems {
  /** Positions of the pool that are labeled already, ascending. */
  readonly positions: readonly number[];
  /** Labeled items that are not in the pool. */
  readonly outside: readonly Instruction[];
}

/**
 * Finds labeled items in the pool by id and by text: where files number their records from 1, an id may
 * lead to another text, and a labeled text must never be picked. Records merged as duplicates, on either side,
 * count by each of their ids.
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
  for (const [index, item] of labeled.instructions.entries()) {
    const byId = idsOfLabeled[index]!.flatMap((id) => positionOfId.get(id) ?? []);
    const byText = positionsOfText.get(textHash(identityText(item))) ?? [];
    for (const position of [...byId, ...byText]) positions.add(position);
    if (byId.length === 0 && byText.length === 0) outside.push(item);
  }
  return { positions: [...positions].sort((a, b) => a - b), outside };
}
