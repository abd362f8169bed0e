import { type Spelling, spellWording, type Wording } from '../../domain/wording.ts';
import { flagSpelling } from '../spelling.ts';
import { colors } from './colors.ts';
import { safeLine } from './safe-text.ts';

const LONGEST_NOTE = 1_000;

/** Notes about a run, a line each. */
export function noteLines(notes: readonly Wording[], spelling: Spelling = flagSpelling): string[] {
  return notes.map((note) => `  ${colors.yellow('note')}  ${safeLine(spellWording(note, spelling), LONGEST_NOTE)}`);
}
