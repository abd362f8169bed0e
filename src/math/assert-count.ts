import { WinnowError } from '../domain/errors.ts';

/**
 * @param what what is asked for, in the plural: "clusters"
 * @throws WinnowError `COUNT_OUT_OF_RANGE` unless `count` is a whole number in [minimum, rows]
 */
export function assertCount(what: string, count: number, minimum: number, rows: number): void {
  if (Number.isInteger(count) && count >= minimum && count <= rows) return;
  throw new WinnowError('COUNT_OUT_OF_RANGE', `Asked for ${count} ${what}, but there are ${rows} rows.`, {
    hint: `Ask for a whole number from ${minimum} to ${rows}, or give more rows.`,
  });
}
