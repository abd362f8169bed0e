import type { ChooseTask, PromptCandidate } from '../providers/llm-client.ts';
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
 * Chooses greedily, best first, by gain × (½ + value): what a candidate adds to the coverage of the pool, up to three
 * times as much for a rich task as for a poor one. Value alone spends its choices on rich tasks of few topics, and does
 * worse than a random draw where people ask for other things (docs/choosing.md).
 *
 * Without gains, by value × (1 − similarity²), the similarity being that of the words to the nearest choice already
 * made: a form of maximal marginal relevance (Carbonell & Goldstein 1998) with a product in place of its weighted
 * difference, which needs no weight.
 *
 * Equal scores go to the higher value, then to the text that sorts first, then to the id, so the order of the
 * candidates never matters. O(candidates × count) similarities.
 *
 * @param count between 0 and the number of candidates
 * @param gainsAfter what each other candidate adds once these are chosen, by id
 * @returns exactly `count` different candidates
 */
export function chooseCandidates(
  candidates: readonly PromptCandidate[],
  count: number,
  gainsAfter?: ChooseTask['gains'],
): Choice[] {
  const ordered = [...candidates].sort(compareCandidates);
  const appraisals = ordered.map(appraise);
  const similarity = lexicalSimilarity(ordered);
  const nearest = new Float64Array(ordered.length);
  const open = new Set(ordered.keys());
  const choices: Choice[] = [];
  while (choices.length < count) {
    const gains = gainsAfter?.(choices.map(({ candidate }) => candidate.id));
    const score = (i: number) => {
      const { value } = appraisals[i]!;
      return gains ? gains.get(ordered[i]!.id)! * (0.5 + value) : value * (1 - nearest[i]! ** 2);
    };
    const best = bestOf(open, score, (i) => appraisals[i]!.value);
    if (best === undefined) break;
    open.delete(best);
    choices.push({ candidate: ordered[best]!, appraisal: appraisals[best]!, similarityToEarlier: nearest[best]! });
    for (const i of open) nearest[i] = Math.max(nearest[i]!, similarity(best, i));
  }
  return choices;
}

/** The highest score; of equal ones the highest value, then the first. */
function bestOf(
  open: Iterable<number>,
  score: (i: number) => number,
  value: (i: number) => number,
): number | undefined {
  let best: { readonly i: number; readonly score: number } | undefined;
  for (const i of open) {
    const one = { i, score: score(i) };
    const wins = best === undefined || one.score > best.score || (one.score === best.score && value(i) > value(best.i));
    if (wins) best = one;
  }
  return best?.i;
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
