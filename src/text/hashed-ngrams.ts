const SHORTEST = 2;
const LONGEST = 4;
/** Of a longer text only the beginning counts. */
const MOST_CHARACTERS = 8_192;
const FNV_PRIME = 0x01000193;
const FNV_BASIS = 0x811c9dc5;

/**
 * A unit vector of the sequences of two to four characters in a text, by signed hashing: texts with the same wording have
 * nearly the same one, in any script. Only the first 8,192 characters are read. Case, punctuation, width and spacing do not count. A sequence that comes n times
 * counts √n. O(length + columns).
 *
 * Source: Weinberger et al. 2009 (arXiv 0902.2206), section 2.
 */
export function hashedNgrams(text: string, columns: number): Float32Array {
  const counts = new Map<string, number>();
  const characters = [' ', ...comparableText(text), ' '];
  for (let length = SHORTEST; length <= LONGEST; length += 1) {
    for (let start = 0; start + length <= characters.length; start += 1) {
      const gram = characters.slice(start, start + length).join('');
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  }
  const vector = new Float64Array(columns);
  for (const [gram, times] of counts) {
    const hash = fnv1a(gram);
    // The lowest bit is the sign; the others choose the column.
    vector[(hash >>> 1) % columns]! += (hash & 1 ? 1 : -1) * Math.sqrt(times);
  }
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / length);
}

/** The text without case, punctuation and width, with single spaces. */
function comparableText(text: string): string {
  return text
    .slice(0, MOST_CHARACTERS)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{P}\p{Cf}\p{Variation_Selector}]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function fnv1a(text: string): number {
  let hash = FNV_BASIS;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), FNV_PRIME);
    hash = Math.imul(hash ^ (unit >>> 8), FNV_PRIME);
  }
  // FNV's low bits are weak in short texts.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
