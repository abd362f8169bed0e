import type { Finding, Reading } from './reading.ts';

/** From here on, more words add nothing. */
const CEILING_WORDS = 120;
/** However long the material, it counts as this many words at most: it is not the task. */
const MATERIAL_CEILING_WORDS = 20;

/**
 * Logarithm of the number of words against a ceiling: the step from 5 to 20 words says much about a task, that from
 * 120 to 2,000 nothing.
 */
export function lengthSaturation(reading: Reading): Finding {
  const words = reading.words.length + Math.min(MATERIAL_CEILING_WORDS, reading.materialWordCount);
  return {
    value: Math.min(1, Math.log1p(words) / Math.log1p(CEILING_WORDS)),
    note: words >= 40 ? 'long description' : '',
  };
}
