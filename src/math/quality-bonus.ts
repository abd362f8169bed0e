/**
 * What the quality of each row adds to the objective of facility location: with coverage as the mean
 * similarity, 0–1, the row j of `count` picks adds weight · quality_j / count, so that all picks together add
 * weight · their mean quality. Modular: what a row adds does not depend on the others.
 * @param quality length n, each in [0, 1]; absent together with `weight`: nothing
 * @param weight ≥ 0
 * @returns length n, as shares of the largest possible coverage
 * @throws RangeError when only one of them is given, a quality is not in [0, 1] or there is not one per row,
 *   or the weight is negative or not finite
 */
export function qualityBonus(
  quality: Float64Array | undefined,
  weight: number | undefined,
  rows: number,
  count: number,
): Float64Array {
  if (quality === undefined && weight === undefined) return new Float64Array(rows);
  if (quality === undefined) throw new RangeError(`There is a quality weight, ${weight}, but no quality of any row.`);
  if (weight === undefined) throw new RangeError('There is a quality of every row, but no quality weight.');
  if (!(weight >= 0 && Number.isFinite(weight))) {
    throw new RangeError(`The quality weight is ${weight}: it must be finite and 0 or more.`);
  }
  if (quality.length !== rows) throw new RangeError(`There are ${quality.length} qualities for ${rows} rows.`);
  const unusable = quality.findIndex((value) => !(value >= 0 && value <= 1));
  if (unusable >= 0) {
    throw new RangeError(`The quality of row ${unusable} is ${quality[unusable]}: it must be from 0 to 1.`);
  }
  return quality.map((value) => (count === 0 ? 0 : (weight * value) / count));
}
