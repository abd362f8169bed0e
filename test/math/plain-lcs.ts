/** The textbook's table, row by row. A negative id matches nothing. */
export function plainLcs(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let above = new Int32Array(b.length + 1);
  for (let i = 0; i < a.length; i += 1) {
    const row = new Int32Array(b.length + 1);
    for (let j = 0; j < b.length; j += 1) {
      row[j + 1] = a[i] === b[j] && a[i]! >= 0 ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!);
    }
    above = row;
  }
  return above[b.length]!;
}
