import { DeskError } from './desk-error.ts';
import { UNNAMED } from './desk-views.ts';

/** In characters as people count them: what a table has room for. */
const LONGEST_NAME = 60;

// Names with these would look like other names, or turn the text around them about.
// Joiners and variation selectors belong to names in some scripts, and to pictures.
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u2800]|(?![\u200C\u200D]|[\uFE00-\uFE0F])[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A person's name as labels bear it: composed (NFC), without white space around it, one space for any within.
 * @throws DeskError NAME_MISSING, NAME_TOO_LONG, NAME_UNUSABLE
 */
export function annotatorName(given: string): string {
  if (given.length > LONGEST_NAME * 20) throw tooLong();
  const name = given.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (name === '') throw new DeskError('NAME_MISSING', 'Nobody is named.', { hint: 'Enter your name first.' });
  if ([...name].length > LONGEST_NAME) throw tooLong();
  if (UNSEEN.test(name) || !SEEN.test(name)) {
    throw new DeskError('NAME_UNUSABLE', 'The name has characters in it that cannot be seen.', {
      hint: 'Type it anew, with letters alone.',
    });
  }
  if (name === UNNAMED) {
    throw new DeskError('NAME_UNUSABLE', `${UNNAMED} stands for people whom no tool names.`, {
      hint: 'Enter your own name.',
    });
  }
  return name;
}

function tooLong(): DeskError {
  return new DeskError('NAME_TOO_LONG', `The name is longer than ${LONGEST_NAME} characters.`, {
    hint: 'Enter a shorter one.',
  });
}
