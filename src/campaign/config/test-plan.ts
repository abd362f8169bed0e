import type { CampaignConfig } from './campaign-config.ts';

/** Of the label budget; and the fewest and most by default. */
const SHARE = 0.1;
const FEWEST = 30;
const MOST = 200;
const CONTROL_SHARE = 0.2;
const HELD_OUT_SHARE = 0.1;

/** How many labels of a test set are wanted, and whether the user named the number. */
export interface WantedTest {
  readonly labels: number;
  readonly isGiven: boolean;
}

/** By default 10 % of the label budget, 30 to 200; none where labels are held out or come from files instead. */
export function wantedTest({ labels, budget, rounds }: CampaignConfig): WantedTest {
  if (labels.test !== undefined) return { labels: labels.test, isGiven: true };
  if (labels.heldOutShare !== undefined || labels.heldOutFiles.length > 0) return { labels: 0, isGiven: false };
  const all = budget.labels ?? rounds.seed.count + (rounds.most - 1) * rounds.necessity.count;
  return { labels: Math.max(FEWEST, Math.min(MOST, Math.round(SHARE * all))), isGiven: false };
}

/** The share of labels held out beside the test set: 10 % where nothing else is tested on. */
export function heldOutShareOf(config: CampaignConfig): number {
  return config.labels.heldOutShare ?? (hasTestSet(config) ? 0 : HELD_OUT_SHARE);
}

/** The share of a round that is drawn at random. By default 20 %, where there is a test set to compare on. */
export function controlShareOf(config: CampaignConfig): number {
  return config.rounds.control ?? (hasTestSet(config) ? CONTROL_SHARE : 0);
}

function hasTestSet(config: CampaignConfig): boolean {
  return wantedTest(config).labels > 0;
}
