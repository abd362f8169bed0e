import type { ModelPrice } from '../../src/domain/usage.ts';
import { costMicroUsd } from '../../src/domain/usage.ts';
import type { BookEntry } from './batch-server.ts';

/** What the server bills for its batches, each request rounded up. */
export function billedMicroUsd(books: readonly BookEntry[], price: ModelPrice): number {
  return books.reduce((sum, { billed }) => {
    if (billed === undefined) return sum;
    const usage = { inputTokens: billed.input, cachedInputTokens: billed.cached, outputTokens: billed.output };
    return sum + costMicroUsd(usage, price);
  }, 0);
}

/** Requests that were answered more than once. */
export function askedTwice(books: readonly BookEntry[]): string[] {
  const seen = new Set<string>();
  return books.flatMap(({ billed, params }) => {
    if (billed === undefined) return [];
    const text = JSON.stringify(params);
    if (seen.has(text)) return [text];
    seen.add(text);
    return [];
  });
}
