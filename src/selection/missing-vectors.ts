import type { Instruction } from '../domain/instruction.ts';

const NAMED = 5;

/** "3 items have no usable vector: a, b, c", with at most five ids. @param positions at least one */
export function missingVectors(positions: readonly number[], instructions: readonly Pick<Instruction, 'id'>[]): string {
  const ids = positions.slice(0, NAMED).map((position) => instructions[position]!.id);
  const more = positions.length > NAMED ? `, … and ${positions.length - NAMED} more` : '';
  const what = positions.length === 1 ? '1 item has' : `${positions.length} items have`;
  return `${what} no usable vector: ${ids.join(', ')}${more}`;
}
