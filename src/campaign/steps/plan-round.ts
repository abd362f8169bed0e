import type { CampaignConfig } from '../../config/campaign-config.ts';
import type { CampaignRoom } from '../../domain/expense.ts';
import type { RoundPlan } from '../../domain/round.ts';
import { seededRandom } from '../../math/random.ts';
import { findStrategy } from '../../strategies/registry.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { worstCaseLabelMicroUsd } from '../label-price.ts';
import { FREE_STEP, type PreparedStep } from '../step-outcome.ts';

export interface PlanRoundDetails {
  readonly plan: RoundPlan;
  /** How many the configuration asks for; the plan may have fewer. */
  readonly configured: number;
}

/** Decides what the round will do: as configured now, within what the caps allow. */
export function preparePlanRound(
  { config, state, labelPrice }: CampaignContext,
  round: number,
  choosable: number,
): PreparedStep<PlanRoundDetails> {
  const plan = planRound(config, {
    round,
    choosable,
    room: state.ledger.room(),
    worstCaseLabelMicroUsd: worstCaseLabelMicroUsd(labelPrice),
  });
  const configured = round === 1 ? config.rounds.seed.count : config.rounds.necessity.count;
  const notes =
    plan.count < configured
      ? [`Round ${round} has room for ${plan.count} instructions, not the ${configured} that are configured.`]
      : [];
  return {
    ...FREE_STEP,
    step: 'plan-round',
    round,
    run: async () => {
      state.rounds.savePlan(plan);
      return { done: true, details: { plan, configured }, notes };
    },
  };
}

/**
 * Pure.
 * @param given.choosable how many instructions may be chosen, ≥ 1
 * @param given.room must have room for a label at least
 */
export function planRound(
  { rounds, seed }: Pick<CampaignConfig, 'rounds' | 'seed'>,
  given: {
    readonly round: number;
    readonly choosable: number;
    readonly room: CampaignRoom;
    readonly worstCaseLabelMicroUsd: number;
  },
): RoundPlan {
  const { round, room, worstCaseLabelMicroUsd: price } = given;
  const isSeed = round === 1;
  const { strategy, options, count, from } = isSeed
    ? { ...rounds.seed, from: 'pool' as const }
    : necessityStrategy(rounds.necessity);
  const payable =
    room.labelMicroUsd === undefined || price === 0 ? Number.POSITIVE_INFINITY : Math.floor(room.labelMicroUsd / price);
  return {
    number: round,
    kind: isSeed ? 'seed' : 'necessity',
    from,
    strategy,
    options: findStrategy(strategy).normalizeOptions(options),
    count: Math.min(count, given.choosable, room.labels ?? Number.POSITIVE_INFINITY, payable),
    seed: seededRandom(seed, 'round', round).below(2 ** 31 - 1),
    weighted: from === 'failures' && rounds.necessity.weighted,
    worstCaseLabelMicroUsd: price,
  };
}

function necessityStrategy({ select, cover, options, count }: CampaignConfig['rounds']['necessity']) {
  switch (select) {
    case 'cover':
      return { strategy: cover, options: {}, count, from: 'failures' } as const;
    case 'selectllm':
      return { strategy: 'selectllm', options, count, from: 'failures' } as const;
    case 'random':
      return { strategy: 'random', options: {}, count, from: 'pool' } as const;
  }
}
