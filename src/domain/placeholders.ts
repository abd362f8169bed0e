/** Texts that stand for "nothing" in data sets and data frames, in lower case. */
const PLACEHOLDERS = new Set([
  ...['nan', '<na>', 'nat', 'n/a', '<n/a>', '#na', '#name', '#value', 'null', '<null>', 'undefined', '[object object]'],
  ...['<noinput>', '<no input>', '<no_input>', '<nooutput>', '<no output>', '<no_output>', '<none>', '<empty>'],
]);
/** The same where they cannot be meant as a text: as a request, or as material for one. */
const NO_REQUESTS = new Set(['none', 'na', '-', '--', '—', 'noinput', 'no input', 'no input.']);
/** `#NAME?`, `#WERT!`, `#DIV/0!`, `#N/A`, `Err:502`, a column that was too narrow. */
const SPREADSHEET_ERROR = /^(?:#¡?[\p{Lu}\d_/]{2,}[!?]|#N\/?[A-Z]{1,2}|E(?:RR|rr):\d{3}|#{3,})$/u;
const LONGEST = 16;

/**
 * Whether a text only says that there is none: `nan`, `<noinput>`, `N/A`, `#NAME?`, in any letter case.
 * @param isAnswer whether it stands where an answer would: "None" can be one
 */
export function isPlaceholder(text: string, isAnswer = true): boolean {
  // Most texts are longer, and are not copied.
  if (text.length > LONGEST + 4) return false;
  const plain = text.trim();
  const lower = plain.toLowerCase();
  return PLACEHOLDERS.has(lower) || (!isAnswer && NO_REQUESTS.has(lower)) || isSpreadsheetError(plain.toUpperCase());
}

/** Whether a cell holds an error of a spreadsheet in place of what was typed. */
export function isSpreadsheetError(text: string): boolean {
  return SPREADSHEET_ERROR.test(text);
}
