import { createHash } from 'node:crypto';
import { ScorerError } from '../../../domain/errors.ts';
import { command, sentence } from '../../../domain/wording.ts';
import { capitalized } from '../../../text/words.ts';
import type { JudgedItem } from '../judge.ts';
import { shareBelow } from './calibration.ts';
import { THEMES, type Theme } from './expert-feature.ts';
import { EXPERT_FEATURES, FEATURES_OF_VERSION_1 } from './expert-features.ts';
import { hashedWording } from './hashed-wording.ts';
import { instructionKind, readPair } from './read-pair.ts';
import { BUCKETS_BY_VERSION, type ScorerWeights } from './scorer-weights.ts';

/** The reason names only themes that differ at least this much from the usual response. In units of the score. */
const WORTH_NAMING = 0.25;
const MOST_THEMES = 3;

export interface ExpertScorer {
  /** Differs for every fit, since scores of two fits do not compare. */
  readonly name: string;
  /** A finite number, higher the more similar to an expert's revision; −Infinity for an empty response. O(1). */
  score(item: JudgedItem): number;
  /** The share of the training responses that score lower, with a reason: in (0, 1), or 0 for an empty response. */
  appraise(item: JudgedItem): { readonly share: number; readonly reason: string };
}

/** @throws ScorerError when the weights do not belong to the features of this version of winnow */
export function createExpertScorer(weights: ScorerWeights): ExpertScorer {
  const expected = weights.version === 1 ? FEATURES_OF_VERSION_1 : EXPERT_FEATURES;
  const names = weights.features.map(({ name }) => name);
  if (names.join('\n') !== expected.map(({ name }) => name).join('\n')) {
    throw new ScorerError(
      `The scorer has ${names.length} features, not the ${expected.length} of version ${weights.version}.`,
      { hint: sentence`Fit it again with ${command('scorer train')}.` },
    );
  }
  const features = expected.map((feature, i) => ({ ...feature, ...weights.features[i]! }));
  const bucketCount = BUCKETS_BY_VERSION.get(weights.version)!;
  const wording = new Float64Array(bucketCount);
  for (const [i, bucket] of weights.wording.buckets.entries()) {
    wording[bucket] = weights.wording.weights[i]! * weights.wording.unit;
  }

  /** How much each theme raises the score above the usual response's; undefined for an empty response. */
  function contributions(item: JudgedItem): Contributions | undefined {
    const pair = readPair(item);
    if (pair.response === '') return undefined;
    const byTheme = new Map<Theme, number>();
    for (const { theme, value, weight, typical } of features) {
      if (weight === 0) continue;
      byTheme.set(theme, (byTheme.get(theme) ?? 0) + weight * (value(pair) - typical));
    }
    const { buckets, value } = hashedWording(pair, bucketCount);
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
      if (found === undefined) return { share: 0, reason: 'Empty response' };
      return { share: shareBelow(sumOf(found), weights.quantiles), reason: reasonOf(found) };
    },
  };
}

interface Contributions {
  readonly byTheme: ReadonlyMap<Theme, number>;
  /** How much responses to such instructions score above the usual. It is subtracted, as it is no merit of the response. */
  readonly usual: number;
}

function sumOf(contributions: Contributions | undefined): number {
  if (contributions === undefined) return Number.NEGATIVE_INFINITY;
  let sum = -contributions.usual;
  for (const value of contributions.byTheme.values()) sum += value;
  return sum;
}

/** Names the themes that contribute most; ties in their fixed order. */
function reasonOf({ byTheme }: Contributions): string {
  const strongest = [...byTheme]
    .filter(([, value]) => Math.abs(value) >= WORTH_NAMING)
    .sort(([, left], [, right]) => Math.abs(right) - Math.abs(left))
    .slice(0, MOST_THEMES)
    .map(([theme, value]) => THEMES[theme][value > 0 ? 'good' : 'bad']);
  return capitalized(strongest.length === 0 ? 'similar to most responses' : strongest.join('; '));
}

/** A hash of everything that scores depend on, so that it identifies a fit in any file. */
function hashOf({ features, wording, kinds, quantiles }: ScorerWeights): string {
  return createHash('sha256')
    .update(JSON.stringify([features, wording, kinds, quantiles]))
    .digest('hex')
    .slice(0, 12);
}
