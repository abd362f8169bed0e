import { type AnnotationDesk, openDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { CampaignLab, isStep } from '../../campaign/campaign-lab.ts';
import type { TemporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

type LabConfig = ConstructorParameters<typeof CampaignLab>[2];

/** Selected at random, so that nothing needs to be embedded. */
const QUICK: LabConfig = {
  labels: { heldOutShare: 0 },
  rounds: { most: 1, seed: { strategy: 'random', count: 6 }, necessity: { count: 1, evaluate: 1 } },
};

/**
 * A campaign whose round 1 is handed out: six of forty items, unless `config` says otherwise.
 * @param prepare writes more files before the campaign starts
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

/** A campaign whose round 2 is handed out: six items that the seed model failed at. */
export async function necessityLab(home: TemporaryFolder, name: string, config: LabConfig = {}): Promise<CampaignLab> {
  const lab = new CampaignLab(home, name, config);
  await lab.work((campaign) => lab.play(campaign, { until: isStep('export', 2) }));
  return lab;
}

/** The time at which tests start: noon of a day in 2026. */
export const NOON = Date.UTC(2026, 4, 1, 12);

/** Opens the desk of a campaign with a virtual clock, runs `work` and closes the desk. */
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

/** How long an item stays reserved for a person. */
export const HOLD_MS = 600_000;

/** A label form for an item that was never saved, as the page sends it. */
export function answer(response: string, about: { revision?: number; seconds?: number; comment?: string } = {}) {
  return { verdict: 'accepted' as const, revision: 0, response, comment: '', seconds: 0, ...about };
}
