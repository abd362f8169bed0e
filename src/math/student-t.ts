/** Relative error at which the continued fraction ends. */
const PRECISION = 1e-16;
const MOST_TERMS = 10_000;

/**
 * Two-sided p-value of Student's t: the probability of a value at least as far from 0. In [0, 1], correct
 * to about 13 digits, far tails included. O(degreesOfFreedom).
 *
 * Our own, for the packages that know it are either inexact (7 digits) or hundreds of packages.
 * Source: Abramowitz & Stegun 26.5.8, 26.7.1; the continued fraction by Lentz's algorithm.
 * @param degreesOfFreedom a whole number ≥ 1
 * @throws RangeError for other degrees of freedom, or NaN
 */
export function studentTTwoSidedP(t: number, degreesOfFreedom: number): number {
  assertDegreesOfFreedom(degreesOfFreedom);
  if (Number.isNaN(t)) throw new RangeError('The statistic t is NaN, which has no p-value.');
  const square = t * t;
  const tail = degreesOfFreedom / (degreesOfFreedom + square);
  // Not 1 − tail, which would lose the digits of a small t.
  const middle = square / (degreesOfFreedom + square);
  return incompleteBeta(tail, middle, degreesOfFreedom / 2);
}

/**
 * The t that is exceeded in size with probability `twoSidedP`: the half-width of a 1 − p interval in
 * standard errors. By bisection of the p-value. About 13 digits.
 * @param twoSidedP inside (0, 1)
 * @throws RangeError when out of range
 */
export function studentTCritical(twoSidedP: number, degreesOfFreedom: number): number {
  assertDegreesOfFreedom(degreesOfFreedom);
  if (!(twoSidedP > 0 && twoSidedP < 1)) throw new RangeError(`No t is exceeded with probability ${twoSidedP}.`);
  let low = 0;
  let high = 1;
  while (studentTTwoSidedP(high, degreesOfFreedom) > twoSidedP) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    if (studentTTwoSidedP(middle, degreesOfFreedom) > twoSidedP) low = middle;
    else high = middle;
  }
}

function assertDegreesOfFreedom(degreesOfFreedom: number): void {
  if (Number.isInteger(degreesOfFreedom) && degreesOfFreedom >= 1) return;
  throw new RangeError(`Student's t needs a whole number of degrees of freedom from 1, not ${degreesOfFreedom}.`);
}

/** The regularised incomplete beta function Iₓ(a, ½), of x and y = 1 − x. */
function incompleteBeta(x: number, y: number, a: number): number {
  if (x === 0) return 0;
  const factor = (x ** a * Math.sqrt(y)) / betaWithHalf(a);
  // The fraction converges quickly on one side only; the other is Iₓ(a, b) = 1 − I₁₋ₓ(b, a).
  if (x < (a + 1) / (a + 2.5)) return Math.min(1, (factor / a) * betaFraction(x, a, 0.5));
  return Math.max(0, 1 - 2 * factor * betaFraction(y, 0.5, a));
}

/** B(a, ½) for a = ½, 1, 1½, …: from B(½, ½) = π or B(1, ½) = 2 by B(a + 1, b) = B(a, b) · a / (a + b). */
function betaWithHalf(a: number): number {
  let at = Number.isInteger(a) ? 1 : 0.5;
  let beta = at === 1 ? 2 : Math.PI;
  for (; at < a; at += 1) beta *= at / (at + 0.5);
  return beta;
}

/** The continued fraction of the incomplete beta function, which is x^a (1 − x)^b / (a · B(a, b)) times it. */
function betaFraction(x: number, a: number, b: number): number {
  let numerator = 1;
  let denominator = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let fraction = denominator;
  for (let m = 1; m <= MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      denominator = 1 / notZero(1 + term * denominator);
      numerator = notZero(1 + term / numerator);
      change = denominator * numerator;
      fraction *= change;
    }
    if (Math.abs(change - 1) <= PRECISION) break;
  }
  return fraction;
}

function notZero(value: number): number {
  return Math.abs(value) < Number.MIN_VALUE / Number.EPSILON ? Number.MIN_VALUE / Number.EPSILON : value;
}
