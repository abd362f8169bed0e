import { parseBoundedJson } from '../domain/foreign-json.ts';
import { isSpreadsheetError } from '../domain/placeholders.ts';

/** What programs write where there is nothing. */
const NOT_A_NUMBER = /^(?:nan|NaN|NAN|<NA>|NaT|\[object Object\])$/;
/** The same in cells, which know nothing but text. */
const NOTHING_IN_CELL = /^(?:None|null|NULL|nil|undefined|N\/A|n\/a)$/;
/** Lists and dictionaries as Python prints them. */
const PYTHON_VALUE = /^(?:\[\s*(?:(['"])[\s\S]*\1\s*)?\]|\{\s*'[^']*'\s*:[\s\S]*\})$/;

/**
 * Why a text is not what a person answered, as the end of "row 3: …": programs wrote it in place of an answer, or around
 * it.
 * @param isCell whether it stands in a cell of a table
 * @param isNamed whether the user named the column: then what stands in it may be a list or object
 */
export function notAnAnswer(response: string, isCell: boolean, isNamed = false): string | undefined {
  const text = response.trim();
  if (isSpreadsheetError(text)) return `its response is ${text}, an error of a spreadsheet`;
  if (NOT_A_NUMBER.test(text) || (isCell && NOTHING_IN_CELL.test(text))) {
    return `its response is ${text}, which some programs write for an empty value`;
  }
  if (isCell && !isNamed && isSerialized(text)) {
    return 'its response is a list or object written as text; if that is the answer, name its column as the answer field';
  }
  return undefined;
}

function isSerialized(text: string): boolean {
  if (!/^[[{][\s\S]*[\]}]$/.test(text)) return false;
  if (PYTHON_VALUE.test(text)) return true;
  try {
    parseBoundedJson(text);
    return true;
  } catch {
    return false;
  }
}
