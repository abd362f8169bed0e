import type { CampaignRoom } from '../domain/expense.ts';
import { formatUsdExactly, type MicroUsd } from '../domain/money.ts';
import type { Stop } from '../domain/round.ts';
import { itemsInTime, type MinutesRoom } from './annotation-minutes.ts';
import { type RoundNeeds, roomForLabels } from './budget-room.ts';

/** What the rules look at, between two rounds. */
export interface StopEvidence {
  /** Rounds that are done. */
  readonly rounds: number;
  readonly mostRounds: number;
  readonly room: CampaignRoom;
  /** Labels made or ordered, and budget.labels; absent without that cap. */
  readonly labelBudget?: { readonly used: number; readonly cap: number } | undefined;
  /** Of budget.minutes; absent without that cap. */
  readonly time?: MinutesRoom | undefined;
  /** What a further round needs beside its labels. */
  readonly needs: RoundNeeds;
  /** The most one further label can cost. */
  readonly worstCaseLabelMicroUsd: MicroUsd;
  /** Instructions that may still be assigned; near-duplicates of labeled ones do not count. */
  readonly remaining: number;
  /** Of each round that was evaluated, the first one first. */
  readonly outcomes: readonly RoundOutcome[];
  readonly rules: {
    readonly failureRateBelow?: number | undefined;
    readonly noImprovementRounds?: number | undefined;
    readonly leastImprovement: number;
    readonly coverageRadiusBelow?: number | undefined;
  };
}

export interface RoundOutcome {
  readonly round: number;
  /** Share of the evaluated instructions of the pool whose response scored below the threshold; null: none evaluated. */
  readonly failureRate: number | null;
  /** How many failures there are to choose from; of the last round, how many the next can choose from, failures or not. */
  readonly failures: number;
  /** Mean score on what is never trained on, less the model before's on the same items; null where there is nothing to compare. */
  readonly improvement: number | null;
  /** Distance of the farthest unlabeled instruction to a labeled one; null where nothing is left. */
  readonly coverageRadius: number | null;
}

/** Why no further round should be planned; undefined while no rule applies. Before the first round only rules that make a round impossible apply. */
export function stopReason(evidence: StopEvidence): Stop | undefined {
  const rules = [poolExhausted, budgetSpent, mostRounds, failureRate, noImprovement, coverageRadius];
  for (const rule of rules) {
    const stop = rule(evidence);
    if (stop) return stop;
  }
  return undefined;
}

type Rule = (evidence: StopEvidence) => Stop | undefined;

const poolExhausted: Rule = ({ remaining }) =>
  remaining > 0
    ? undefined
    : {
        rule: 'pool-exhausted',
        message:
          'No unlabeled instructions are left. Add files to pool.files, or lower quality.threshold if it is set, to continue.',
      };

const budgetSpent: Rule = ({ room, labelBudget, time, needs, worstCaseLabelMicroUsd }) => {
  const budget = (message: string): Stop => ({ rule: 'budget', message });
  if (labelBudget !== undefined && labelBudget.used >= labelBudget.cap) {
    const { used, cap } = labelBudget;
    return budget(`Label budget used (${used} of ${cap}). Raise budget.labels to continue.`);
  }
  if (time !== undefined && itemsInTime(time) < 1) {
    const { used, awaited, cap } = time;
    return budget(
      `${Math.round(used + awaited)} of ${cap} minutes of work are used or expected. Raise budget.minutes to continue.`,
    );
  }
  for (const [left, worstCase, what, cap] of [
    [room.trainingMicroUsd, needs.trainingMicroUsd, 'training', 'budget.trainingUsd'],
    [room.llmMicroUsd, needs.llmMicroUsd, 'judging the held-out labels', 'budget.llmUsd'],
  ] as const) {
    if (left === undefined || left >= worstCase) continue;
    const message = `${formatUsdExactly(left)} is left for ${what}, which could cost ${formatUsdExactly(worstCase)}`;
    return budget(`${message}. Raise ${cap} or budget.totalUsd to continue.`);
  }
  const { labelMicroUsd } = roomForLabels(room, needs);
  if (labelMicroUsd !== undefined && labelMicroUsd < worstCaseLabelMicroUsd) {
    const left = `${formatUsdExactly(labelMicroUsd)} is left for labels, but one label can cost ${formatUsdExactly(worstCaseLabelMicroUsd)}`;
    return budget(`${left}. Raise budget.labelUsd or budget.totalUsd to continue.`);
  }
  return undefined;
};

const mostRounds: Rule = ({ rounds, mostRounds: most }) =>
  rounds < most
    ? undefined
    : { rule: 'most-rounds', message: `${rounds} of ${most} rounds are done. Raise rounds.most to continue.` };

const failureRate: Rule = ({ outcomes, rules: { failureRateBelow } }) => {
  const last = outcomes.at(-1);
  if (!last) return undefined;
  if (last.failures === 0) {
    return {
      rule: 'failure-rate',
      message: 'The seed model passed every evaluated item. Raise rounds.necessity.threshold to continue.',
    };
  }
  if (failureRateBelow === undefined || last.failureRate === null || last.failureRate >= failureRateBelow) {
    return undefined;
  }
  const rate = `${(100 * last.failureRate).toFixed(1)} %`;
  const wanted = `${Number((100 * failureRateBelow).toFixed(4))} %`;
  return {
    rule: 'failure-rate',
    message: `The seed model fails at ${rate}, less than stop.failureRateBelow (${wanted}).`,
  };
};

const noImprovement: Rule = ({ outcomes, rules: { noImprovementRounds, leastImprovement } }) => {
  if (noImprovementRounds === undefined) return undefined;
  const last = outcomes.slice(-noImprovementRounds);
  const improvements = last.flatMap(({ improvement }) => (improvement === null ? [] : [improvement]));
  if (improvements.length < noImprovementRounds) return undefined;
  if (improvements.some((improvement) => improvement >= leastImprovement)) return undefined;
  const list = improvements.map((value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`).join(', ');
  return {
    rule: 'no-improvement',
    message: `The held-out score no longer improves: ${list} in the last rounds, less than ${leastImprovement} each.`,
  };
};

const coverageRadius: Rule = ({ outcomes, rules: { coverageRadiusBelow } }) => {
  const radius = outcomes.at(-1)?.coverageRadius ?? undefined;
  if (radius === undefined || coverageRadiusBelow === undefined || radius >= coverageRadiusBelow) return undefined;
  return {
    rule: 'coverage-radius',
    message: `No instruction is farther than ${radius.toFixed(3)} from a labeled one, less than stop.coverageRadiusBelow (${coverageRadiusBelow}).`,
  };
};
