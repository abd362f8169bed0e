import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ExpertPair } from '../../../../src/selection/judges/expert/pair-differences.ts';

export const SHARED = new URL('../../../../../shared/data/', import.meta.url);

/** The file of expert pairs; undefined, with a notice, when it is missing. */
export function expertFile(part: 'train' | 'valid'): string | undefined {
  const file = fileURLToPath(new URL(`expert-pairs-${part}.csv`, SHARED));
  if (existsSync(file)) return file;
  process.stderr.write(`Skipped: ${file} is not there.\n`);
  return undefined;
}

const SUBJECTS = ['tea', 'bees', 'rivers', 'chess', 'snow', 'maps', 'bread', 'owls', 'trains', 'salt'];

/** Pairs whose better response gives reasons; all of similar length. */
export function reasonPairs(count: number): ExpertPair[] {
  return Array.from({ length: count }, (_, i) => {
    const subject = SUBJECTS[i % SUBJECTS.length]!;
    const item = (response: string) => ({ instruction: `Tell me about ${subject}, case ${i}.`, response });
    return {
      worse: item(`People like ${subject} and no one knows quite how it came ${i}.`),
      better: item(`People like ${subject} because it has served them well since ${i}.`),
    };
  });
}
