import type { RoundPlan } from '../domain/round.ts';
import type { CampaignConfig } from './config/campaign-config.ts';
import { controlShareOf, wantedTest } from './config/test-plan.ts';

/**
 * How many items a round hands out, and how many of them are drawn at random. By default the test set takes no more than
 * half of what there is room for, so that a small budget has labels left to train on. Pure.
 * @param given.count as configured
 * @param given.room what pool and budget have room for, ≥ 1
 * @param given.testLabels test items there are; undefined where no more are to be drawn
 */
export function plannedDraws(
  config: CampaignConfig,
  given: { readonly count: number; readonly room: number; readonly testLabels: number | undefined },
): Pick<RoundPlan, 'count' | 'control' | 'test'> {
  const { room } = given;
  const wanted = wantedTest(config);
  const missing = given.testLabels === undefined ? 0 : Math.max(0, wanted.labels - given.testLabels);
  const test = Math.min(missing, wanted.isGiven ? room - 1 : Math.floor(room / 2));
  const count = Math.min(given.count, room - test);
  const control = controlCount(config, count);
  return { count, ...(control > 0 ? { control } : {}), ...(test > 0 ? { test } : {}) };
}

/** How many items of a round are controls. One item at least is selected. Pure. @param count of the round, ≥ 1 */
export function controlCount(config: CampaignConfig, count: number): number {
  const share = controlShareOf(config);
  return Math.min(share === 0 ? 0 : Math.max(1, Math.round(share * count)), count - 1);
}
