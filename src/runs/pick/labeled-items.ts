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
  const idsOfLabeled = labeled.instructions.map(({ id }) => [id]);
  for (const [id, position] of labeled.mergedIds) idsOfLabeled[position]!.push(id);
  const hashes = labeled.instructions.map((item) => textHash(identityText(item)));
  const { positionOfId, positionsOfText } = findInPool(pool, new Set(idsOfLabeled.flat()), new Set(hashes));

  const positions = new Set<number>();
  const outside: Instruction[] = [];
  const otherTexts: Instruction[] = [];
  for (const [index, item] of labeled.instructions.entries()) {
    const named = idsOfLabeled[index]!.flatMap((id) => positionOfId.get(id) ?? []);
    const byId = named.filter((position) => showsItem(shownBy(item), pool.instructions[position]!));
    const byText = positionsOfText.get(hashes[index]!) ?? [];
    for (const position of [...byId, ...byText]) positions.add(position);
    if (byId.length === 0 && byText.length === 0) outside.push(item);
    if (named.length > byId.length && byText.length === 0) otherTexts.push(item);
  }
  return { positions: [...positions].sort((a, b) => a - b), outside, otherTexts };
}

/** Where the pool has these ids and texts: the pool is the larger of the two, and is gone through once. */
function findInPool(pool: Pool, ids: ReadonlySet<string>, hashes: ReadonlySet<string>) {
  const positionOfId = new Map([...pool.mergedIds].filter(([id]) => ids.has(id)));
  /** Several, where a pool is read by pairs: an instruction with each of its responses. */
  const positionsOfText = new Map<string, number[]>();
  for (const [position, item] of pool.instructions.entries()) {
    if (ids.has(item.id)) positionOfId.set(item.id, position);
    const hash = textHash(identityText(item));
    if (!hashes.has(hash)) continue;
    const known = positionsOfText.get(hash);
    if (known === undefined) positionsOfText.set(hash, [position]);
    else known.push(position);
  }
  return { positionOfId, positionsOfText };
}

function shownBy(item: Instruction): ShownText {
  return { instruction: item.instruction, input: item.input ?? '', context: contextText(item) ?? '' };
}
