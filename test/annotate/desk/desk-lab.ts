import { type AnnotationDesk, openDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { CampaignLab, isStep } from '../../campaign/campaign-lab.ts';
import type { TemporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

type LabConfig = ConstructorParameters<typeof CampaignLab>[2];

/** Chosen at random, so that nothing needs to be embedded. */
const QUICK: LabConfig = {
  labels: { heldOutShare: 0 },
  rounds: { most: 1, seed: { strategy: 'random', count: 6 }, necessity: { count: 1, evaluate: 1 } },
};

/**
 * A campaign of which round 1 is handed out: six of forty items, unless `config` says otherwise.
 * @param prepare writes further files before it is begun
 */
export async function deskLab(
  home: TemporaryFolder,
  name: string,
  config: LabConfig = {},
  prepare: (lab: CampaignLab) => void = () => undefined,
): Promise<CampaignLab> {
  const lab = new CampaignLab(home, name, { ...QUICK, ...config });
  prepare(lab);
  await lab.work((campaign) => campaign.run());
  return lab;
}

/** A campaign of which round 2 is handed out, with what the seed model failed at: six items. */
export async function necessityLab(home: TemporaryFolder, name: string, config: LabConfig = {}): Promise<CampaignLab> {
  const lab = new CampaignLab(home, name, config);
  await lab.work((campaign) => lab.play(campaign, { until: isStep('export', 2) }));
  return lab;
}

/** Where tests begin to count time: a moment in 2026. */
export const NOON = Date.UTC(2026, 4, 1, 12);

/** The desk of a campaign, and the clock it goes by. Does something there and closes it again. */
export async function atDesk<T>(
  lab: CampaignLab,
  work: (desk: AnnotationDesk, clock: VirtualClock) => T | Promise<T>,
  clock?: VirtualClock,
): Promise<T> {
  const own = clock ?? (await noon());
  const desk = await openDesk(lab.folder, { ...lab.options, clock: own });
  try {
    return await work(desk, own);
  } finally {
    await desk.close();
  }
}

export async function noon(): Promise<VirtualClock> {
  const clock = new VirtualClock();
  await clock.advance(NOON);
  return clock;
}

/** How long an item is kept for a person. */
export const HOLD_MS = 600_000;

/** A label form as a page sends it for something that was never saved. */
export function answer(response: string, about: { revision?: number; seconds?: number; comment?: string } = {}) {
  return { verdict: 'accepted' as const, revision: 0, response, comment: '', seconds: 0, ...about };
}
