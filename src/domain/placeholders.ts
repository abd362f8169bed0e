/** Texts that stand for "nothing" in data sets, data frames and spreadsheets, in lower case. */
const PLACEHOLDERS = new Set([
  ...['nan', '<noinput>', '<no input>', '<nooutput>', '<no output>', 'n/a', '<na>', '#n/a', '#na', '#name?', '#name'],
  ...['#value!', '#value', '#ref!', '#div/0!', '#null!', '#num!', '#error!', '#spill!', '#calc!'],
]);
const LONGEST = 12;

/** Whether a text only says that there is none: `nan`, `<noinput>`, `N/A`, `#NAME?`, in any letter case. */
export function isPlaceholder(text: string): boolean {
  // Most texts are longer, and are not copied.
  return text.length <= LONGEST + 4 && PLACEHOLDERS.has(text.trim().toLowerCase());
}
