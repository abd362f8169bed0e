/** Σ a[p + i] · b[q + i]. Four sums, for one alone would wait for itself at every step. */
export function sumOfProducts(a: Float64Array, p: number, b: Float64Array, q: number, length: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  let i = 0;
  for (; i < length - 3; i += 4) {
    sum0 += a[p + i]! * b[q + i]!;
    sum1 += a[p + i + 1]! * b[q + i + 1]!;
    sum2 += a[p + i + 2]! * b[q + i + 2]!;
    sum3 += a[p + i + 3]! * b[q + i + 3]!;
  }
  for (; i < length; i += 1) sum0 += a[p + i]! * b[q + i]!;
  return sum0 + sum1 + (sum2 + sum3);
}
