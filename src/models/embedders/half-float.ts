const FRACTION_BITS = 10;
const FRACTIONS = 2 ** FRACTION_BITS;
const EXPONENT_BIAS = 15;
const LARGEST_EXPONENT = 31;

/** The number that 16 bits mean as an IEEE 754 half-precision float. Exact: every half is a float32. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> FRACTION_BITS) & LARGEST_EXPONENT;
  const fraction = bits & (FRACTIONS - 1);
  if (exponent === LARGEST_EXPONENT) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * (fraction / FRACTIONS) * 2 ** (1 - EXPONENT_BIAS);
  return sign * (1 + fraction / FRACTIONS) * 2 ** (exponent - EXPONENT_BIAS);
}
