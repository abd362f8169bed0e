import type { RoundPlan } from '../../domain/round.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { currentGain } from './campaign-gain.ts';
import { type ReplayedStrategy, replayStrategies } from './replay-strategies.ts';

/** Rounds to wait for before a strategy is judged. */
const ROUNDS = 2;
/** Below it chance is not beaten. */
const LEAST_PROBABILITY = 0.8;

/** A strategy that rounds use instead of the configured one. */
export interface AdaptedStrategy {
  readonly strategy: string;
  /** Present in the round that switches to it: why. */
  readonly adapted?: NonNullable<RoundPlan['adapted']>;
  readonly notes: readonly string[];
}

/** The strategy that an earlier round has switched to, where rounds.adapt is on. */
export function adaptedBefore({ state, config }: Pick<CampaignContext, 'state' | 'config'>): string | undefined {
  if (!config.rounds.adapt) return undefined;
  return state.rounds.plans().findLast(({ adapted }) => adapted !== undefined)?.adapted?.strategy;
}

/**
 * With rounds.adapt: when selecting has not beaten chance after two rounds, the strategy that replays on the campaign's
 * own labels favour, and why. Random draws where no strategy beats them there.
 * @returns undefined where rounds are chosen as configured
 */
export async function adaptStrategy(context: CampaignContext): Promise<AdaptedStrategy | undefined> {
  const { state, config } = context;
  if (!config.rounds.adapt) return undefined;
  const before = adaptedBefore(context);
  const stay = before === undefined ? undefined : { strategy: before, notes: [] };
  const gain = currentGain(context);
  if (gain === undefined || gain.rounds < ROUNDS || gain.probability >= LEAST_PROBABILITY) return stay;
  const [best, ...others] = await replayStrategies(context);
  const now = before ?? state.rounds.plans().at(-1)?.strategy;
  if (best === undefined) return stay;
  const chance = `Selecting by ${now} has not beaten chance (probability ${percent(gain.probability)} after ${gain.rounds} rounds).`;
  const replayed = describe(
    best,
    others.find(({ strategy }) => strategy === now),
  );
  if (best.strategy === now) {
    return { strategy: best.strategy, notes: [`${chance} Replays favor it all the same: ${replayed}. It stays.`] };
  }
  const reason = `${chance} Replays on the campaign's own labels favor ${best.strategy}: ${replayed}.`;
  return {
    strategy: best.strategy,
    adapted: { strategy: best.strategy, reason },
    notes: [`${reason} This round switches to ${best.strategy}.`],
  };
}

function describe(best: ReplayedStrategy, now: ReplayedStrategy | undefined): string {
  return [best, ...(now === undefined ? [] : [now])]
    .map(({ strategy, gain: { mean, interval, count } }) => {
      if (strategy === 'random') return 'no strategy beats random draws there';
      const range = interval === null ? '' : ` (95 %: ${points(interval.low)} to ${points(interval.high)})`;
      return `${strategy} ${points(mean)} ROUGE-L points over random draws${range} in ${count} replays`;
    })
    .join('; ');
}

function points(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
