import { DeskError } from './desk-error.ts';
import { UNNAMED } from './desk-views.ts';

/** In characters as people count them: what fits into a table. */
const LONGEST_NAME = 60;

// Names with these characters would look like other names, or reverse the direction of the text around them.
// Joiners and variation selectors are allowed: some scripts need them in names, and so do emoji.
const INVISIBLE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u2800]|(?![\u200C\u200D]|[\uFE00-\uFE0F])[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A person's name as labels store it: composed (NFC), trimmed, and with single spaces inside.
 * @throws DeskError NAME_MISSING, NAME_TOO_LONG, NAME_UNUSABLE
 */
export function annotatorName(given: string): string {
  if (given.length > LONGEST_NAME * 20) throw tooLong();
  const name = given.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (name === '') throw new DeskError('NAME_MISSING', 'The name is empty.', { hint: 'Enter your name.' });
  if ([...name].length > LONGEST_NAME) throw tooLong();
  if (INVISIBLE.test(name) || !VISIBLE.test(name)) {
    throw new DeskError('NAME_UNUSABLE', 'The name contains invisible characters.', {
      hint: 'Retype it using letters only.',
    });
  }
  if (name === UNNAMED) {
    throw new DeskError('NAME_UNUSABLE', `The name ${UNNAMED} is reserved.`, { hint: 'Enter your own name.' });
  }
  return name;
}

function tooLong(): DeskError {
  return new DeskError('NAME_TOO_LONG', `The name is longer than ${LONGEST_NAME} characters.`, {
    hint: 'Enter a shorter name.',
    limit: LONGEST_NAME,
  });
}
