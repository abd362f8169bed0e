import { identityText } from '../../domain/conversation.ts';
import { type Instruction, textHash } from '../../domain/instruction.ts';
import { lazyMap } from '../../domain/lazy-list.ts';
import type { Pool } from '../../domain/pool.ts';

/** What is judged of a pool, each once. */
export interface JudgedItems {
  readonly items: readonly Instruction[];
  /** Row of the pool → index into `items`; -1 for rows that have no response where responses are judged. */
  readonly itemOfRow: Int32Array;
}

/**
 * Finds what there is to judge: pairs as they are, and instructions once, however many responses they have.
 * @param pool read by pairs @param of `responses`: those without one are left out
 */
export function judgedItems(pool: Pool, of: 'instructions' | 'pairs' | 'responses'): JudgedItems {
  const { instructions } = pool;
  /** Of the items. */
  const positions: number[] = [];
  const itemOfText = new Map<string, number>();
  const itemOfPosition = instructions.map((instruction, position) => {
    if (of === 'responses' && instruction.output === undefined) return -1;
    const text = of === 'instructions' ? textHash(identityText(instruction)) : undefined;
    const known = text === undefined ? undefined : itemOfText.get(text);
    if (known !== undefined) return known;
    if (text !== undefined) itemOfText.set(text, positions.length);
    return positions.push(position) - 1;
  });
  return {
    items: lazyMap(positions, (position) => instructions[position]!),
    itemOfRow: pool.positionOfRow.map((position) => itemOfPosition[position]!),
  };
}
