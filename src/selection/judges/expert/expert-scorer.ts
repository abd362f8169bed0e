import { createHash } from 'node:crypto';
import { ScorerError } from '../../../domain/errors.ts';
import { command, sentence } from '../../../domain/wording.ts';
import type { JudgedItem } from '../judge.ts';
import { shareBelow } from './calibration.ts';
import { EXPERT_FEATURES, THEMES, type Theme } from './expert-features.ts';
import { BUCKETS, hashedWording } from './hashed-wording.ts';
import { instructionKind, readPair } from './read-pair.ts';
import type { ScorerWeights } from './scorer-weights.ts';

/** What is found less than this beside the usual does not make a reason. In units of the score. */
const WORTH_NAMING = 0.25;
const MOST_THEMES = 3;

export interface ExpertScorer {
  /** Differs for every fit: scores of two fits must not be compared. */
  readonly name: string;
  /** Any finite number; the higher, the more like an expert's revision. Of an empty response −Infinity. O(1). */
  score(item: JudgedItem): number;
  /** The share of the training responses that score lower, with words for it: in (0, 1), or 0 for an empty response. */
  appraise(item: JudgedItem): { readonly share: number; readonly reason: string };
}

/** @throws ScorerError when the weights are not of the features this version of winnow has */
export function createExpertScorer(weights: ScorerWeights): ExpertScorer {
  const names = weights.features.map(({ name }) => name);
  if (names.join('\n') !== EXPERT_FEATURES.map(({ name }) => name).join('\n')) {
    throw new ScorerError(
      `The scorer has ${names.length} features, not the ${EXPERT_FEATURES.length} of this version of winnow.`,
      { hint: sentence`Fit it again with ${command('scorer train')}.` },
    );
  }
  const wording = new Float64Array(BUCKETS);
  for (const [i, bucket] of weights.wording.buckets.entries()) {
    wording[bucket] = weights.wording.weights[i]! * weights.wording.unit;
  }

  /** By how much each theme lifts the score above the usual response's; undefined for an empty response. */
  function contributions(item: JudgedItem): Contributions | undefined {
    const pair = readPair(item);
    if (pair.response === '') return undefined;
    const byTheme = new Map<Theme, number>();
    for (const [i, { theme, value }] of EXPERT_FEATURES.entries()) {
      const { weight, typical } = weights.features[i]!;
      if (weight === 0) continue;
      byTheme.set(theme, (byTheme.get(theme) ?? 0) + weight * (value(pair) - typical));
    }
    const { buckets, value } = hashedWording(pair);
    let sum = 0;
    for (const bucket of buckets) sum += wording[bucket]!;
    byTheme.set('wording', sum * value - weights.wording.typical);
    return { byTheme, usual: weights.kinds[instructionKind(pair.instruction)] };
  }

  return {
    name: `expert-scorer-${weights.version}-${hashOf(weights)}`,
    score: (item) => sumOf(contributions(item)),
    appraise: (item) => {
      const found = contributions(item);
      if (found === undefined) return { share: 0, reason: 'says nothing' };
      return { share: shareBelow(sumOf(found), weights.quantiles), reason: reasonOf(found) };
    },
  };
}

interface Contributions {
  readonly byTheme: ReadonlyMap<Theme, number>;
  /** What such instructions' responses score above the usual: none of it is this response's merit. */
  readonly usual: number;
}

function sumOf(contributions: Contributions | undefined): number {
  if (contributions === undefined) return Number.NEGATIVE_INFINITY;
  let sum = -contributions.usual;
  for (const value of contributions.byTheme.values()) sum += value;
  return sum;
}

/** The themes that weigh most, in their own words; ties in their fixed order. */
function reasonOf({ byTheme }: Contributions): string {
  const telling = [...byTheme]
    .filter(([, value]) => Math.abs(value) >= WORTH_NAMING)
    .sort(([, left], [, right]) => Math.abs(right) - Math.abs(left))
    .slice(0, MOST_THEMES)
    .map(([theme, value]) => THEMES[theme][value > 0 ? 'good' : 'bad']);
  return telling.length === 0 ? 'like most responses' : telling.join('; ');
}

/** Of what scores depend on, so that a fit is told from another whatever file it is in. */
function hashOf({ features, wording, kinds, quantiles }: ScorerWeights): string {
  return createHash('sha256')
    .update(JSON.stringify([features, wording, kinds, quantiles]))
    .digest('hex')
    .slice(0, 12);
}
