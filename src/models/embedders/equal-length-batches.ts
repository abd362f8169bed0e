/**
 * Puts texts of equally many tokens together: positions into `lengths`, each in exactly one batch. A
 * batch has at most `maxTokens` tokens, or one text. Longest first, so that the slowest come when
 * progress has just begun; ties by position.
 * Cost: O(n log n).
 */
export function equalLengthBatches(lengths: readonly number[], maxTokens: number): number[][] {
  const order = lengths.map((_, position) => position).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const batches: number[][] = [];
  for (const position of order) {
    const length = lengths[position]!;
    const batch = batches.at(-1);
    if (batch && lengths[batch[0]!] === length && (batch.length + 1) * length <= maxTokens) batch.push(position);
    else batches.push([position]);
  }
  return batches;
}
