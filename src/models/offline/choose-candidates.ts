import type { PromptCandidate } from '../providers/llm-client.ts';
import { type Appraisal, appraise } from './appraise.ts';
import { lexicalSimilarity } from './lexical-similarity.ts';

/** One chosen candidate. */
export interface Choice {
  readonly candidate: PromptCandidate;
  readonly appraisal: Appraisal;
  /** In [0, 1]: lexical similarity to the most similar choice made before it. */
  readonly similarityToEarlier: number;
}

/**
 * Chooses greedily, best first, by value × (1 − similarity²), the similarity being that to the nearest choice already
 * made: sharing a subject costs little, repeating an instruction nearly everything. A form of maximal marginal
 * relevance (Carbonell & Goldstein 1998) with a product in place of its weighted difference, which needs no weight.
 *
 * Equal scores go to the higher value, then to the text that sorts first, then to the id, so the order of the
 * candidates never matters. O(candidates × count) similarities.
 *
 * @param count between 0 and the number of candidates
 * @returns exactly `count` different candidates
 */
export function chooseCandidates(candidates: readonly PromptCandidate[], count: number): Choice[] {
  const ordered = [...candidates].sort(compareCandidates);
  const appraisals = ordered.map(appraise);
  const similarity = lexicalSimilarity(ordered);
  const nearest = new Float64Array(ordered.length);
  const open = new Set(ordered.keys());
  const choices: Choice[] = [];
  while (choices.length < count) {
    const score = (i: number) => appraisals[i]!.value * (1 - nearest[i]! ** 2);
    let best: number | undefined;
    for (const i of open) {
      if (
        best === undefined ||
        score(i) > score(best) ||
        (score(i) === score(best) && appraisals[i]!.value > appraisals[best]!.value)
      ) {
        best = i;
      }
    }
    if (best === undefined) break;
    open.delete(best);
    choices.push({ candidate: ordered[best]!, appraisal: appraisals[best]!, similarityToEarlier: nearest[best]! });
    for (const i of open) nearest[i] = Math.max(nearest[i]!, similarity(best, i));
  }
  return choices;
}

function compareCandidates(a: PromptCandidate, b: PromptCandidate): number {
  return (
    compareText(a.instruction, b.instruction) || compareText(a.input ?? '', b.input ?? '') || compareText(a.id, b.id)
  );
}

/** By UTF-16 code units: the same on every machine, in every locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
