import { scaleLinear } from 'd3-scale';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import type { Evaluation } from '../domain/round.ts';
import { CRITERIA, NECESSITY } from '../selection/judges/criteria.ts';
import { nameWithoutPrompt } from '../selection/judges/judge.ts';
import type { ScoreHistogram } from './report-data.ts';
import type { ReportFacts } from './report-facts.ts';

const NECESSITY_BINS = 9;
const QUALITY_BINS = 10;
const PICK_BINS = 10;

const SUBSETS: readonly { readonly subset: Evaluation['subset']; readonly items: string }[] = [
  { subset: 'pool', items: 'unlabeled instructions' },
  { subset: 'held-out', items: 'labeled instructions it was not trained on' },
  { subset: 'test', items: 'instructions of the test files' },
];

/** How scores are distributed: of the seed models' answers, of the quality of instructions, and of picks. */
export function scoreHistograms(facts: ReportFacts, context: CampaignContext): ScoreHistogram[] {
  return [...qualityHistogram(context), ...necessityHistograms(facts, context), ...pickHistograms(facts)];
}

function necessityHistograms({ status, evaluations }: ReportFacts, { config }: CampaignContext): ScoreHistogram[] {
  const { min, max } = NECESSITY.scale;
  return status.rounds.flatMap(({ number, outcome }) =>
    SUBSETS.flatMap(({ subset, items }) => {
      const all = (evaluations.get(number) ?? []).filter((evaluation) => evaluation.subset === subset);
      if (all.length === 0) return [];
      const scores = known(all.map(({ score }) => score));
      const judges = [...new Set(all.map(({ judge }) => nameWithoutPrompt(judge)))];
      return {
        title: `Necessity, round ${number} (${subset})`,
        says: `The answers of round ${number}'s model to ${items} were scored from ${min} to ${max} by ${judges.join(' and ')}.`,
        from: min,
        to: max,
        bins: equalBins(scores, min, max, NECESSITY_BINS),
        unscored: all.length - scores.length,
        threshold: subset === 'pool' ? (outcome?.threshold ?? config.rounds.necessity.threshold) : null,
      };
    }),
  );
}

function qualityHistogram({ state, config }: CampaignContext): ScoreHistogram[] {
  const judge = state.models.lastRater();
  if (judge === undefined) return [];
  const { criterion, threshold } = config.quality ?? {};
  const ratings = state.models.ratings(judge);
  const scores = known(ratings.map(({ score }) => score));
  const { min, max } = CRITERIA.find(criterion ?? 'quality').scale;
  return [
    {
      title: 'Quality',
      says: `The instructions of the pool were rated from ${min} to ${max} by ${nameWithoutPrompt(judge)}.`,
      from: min,
      to: max,
      bins: equalBins(scores, min, max, QUALITY_BINS),
      unscored: ratings.length - scores.length,
      threshold: threshold ?? null,
    },
  ];
}

function pickHistograms({ plans, picks }: ReportFacts): ScoreHistogram[] {
  return plans.flatMap(({ number, strategy }) => {
    const all = picks.filter(({ round }) => round === number);
    const scores = known(all.map(({ score }) => score));
    if (scores.length === 0) return [];
    const { from, to, bins } = niceBins(scores);
    return {
      title: `Picks of round ${number}`,
      says: `These are the scores that ${strategy} gave to its picks.`,
      from,
      to,
      bins: equalBins(scores, from, to, bins),
      unscored: all.length - scores.length,
      threshold: null,
    };
  });
}

/** About ten bins between round numbers, or one bin if all scores are the same. */
function niceBins(scores: readonly number[]): { from: number; to: number; bins: number } {
  const lowest = scores.reduce((least, score) => Math.min(least, score));
  const highest = scores.reduce((most, score) => Math.max(most, score));
  if (lowest === highest) return { from: lowest - 0.5, to: highest + 0.5, bins: 1 };
  const scale = scaleLinear().domain([lowest, highest]).nice(PICK_BINS);
  const [from, to] = scale.domain() as [number, number];
  return { from, to, bins: Math.max(1, scale.ticks(PICK_BINS).length - 1) };
}

function known(scores: readonly (number | null)[]): number[] {
  return scores.filter((score) => score !== null);
}

/**
 * Counts values in bins of equal width. The last bin includes its upper end; values outside go to the nearest bin.
 * @param bins number of bins, ≥ 1
 */
export function equalBins(values: readonly number[], from: number, to: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    // Rounded, because a sum of tenths may miss the edge of a bin by a tiny error.
    const bin = Math.floor(Number(((bins * (value - from)) / (to - from)).toPrecision(12)));
    counts[Math.min(bins - 1, Math.max(0, bin))]! += 1;
  }
  return counts;
}
