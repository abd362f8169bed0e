import type { Random } from './random.ts';
import { type MeanInterval, quantile } from './statistics.ts';
import { resampledWeights, type Stratum, stratifiedMean, usableStrata } from './stratified.ts';

/** A difference of two models on the same items. */
export interface BootstrapDifference extends MeanInterval {
  /** Share of replicates in which the difference is above 0, ties counted half: the posterior that it is. */
  readonly probabilityAbove: number;
}

const REPLICATES = 2_000;

/**
 * The mean difference between two models that answered the same items, with the 95 % interval and the posterior of a
 * paired bootstrap: items are drawn again within their strata, each with both of its values. O(replicates · n).
 * Source: Efron & Tibshirani 1993; Koehn 2004 for the pairing; Rubin 1981 for reading replicates as a posterior.
 * @param differences by stratum, of each item the value of one model less that of the other
 * @throws RangeError when there is no item
 */
export function pairedBootstrap(
  differences: readonly Stratum[],
  { random, replicates = REPLICATES }: { readonly random: Random; readonly replicates?: number },
): BootstrapDifference {
  const strata = usableStrata(differences);
  const values = strata.flatMap((stratum) => stratum.values);
  const estimate = stratifiedMean(strata);
  let next = 0;
  const parts = strata.map(({ size, values: own }) => ({ size, items: own.map(() => next++) }));
  const means = Array.from({ length: replicates }, () => {
    const weights = resampledWeights(parts, values.length, random);
    return values.reduce((sum, value, index) => sum + weights[index]! * value, 0);
  }).sort((a, b) => a - b);
  const { interval: _, ...point } = estimate;
  return {
    ...point,
    ...(values.length < 2 ? {} : { interval: { low: quantile(means, 0.025), high: quantile(means, 0.975) } }),
    probabilityAbove: probabilityAbove(means),
  };
}

/** Share of the values above 0, ties counted half. */
export function probabilityAbove(values: readonly number[]): number {
  const ties = values.filter((value) => value === 0).length;
  return (values.filter((value) => value > 0).length + ties / 2) / values.length;
}
