import type { Instruction } from '../../domain/instruction.ts';
import { excerpt } from '../../text/excerpt.ts';

const LONGEST = 140;

/** An item in one line of a list. */
export function itemExcerpt({ instruction }: Instruction): string {
  return excerpt(instruction, LONGEST);
}
