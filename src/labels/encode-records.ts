/** A JSON array, one record a line. */
export function encodeJsonArray(records: readonly object[]): string {
  return records.length === 0 ? '[]\n' : `[\n${records.map(encodeRecord).join(',\n')}\n]\n`;
}

/** JSON Lines; the empty text when there are no records. */
export function encodeJsonLines(records: readonly object[]): string {
  return records.map((record) => `${encodeRecord(record)}\n`).join('');
}

/**
 * Lone surrogates become U+FFFD: as an escape they would be valid JSON that other languages read and then
 * cannot write. U+2028 and U+2029 are escaped, since some readers take them for line ends.
 */
function encodeRecord(record: object): string {
  const json = JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
