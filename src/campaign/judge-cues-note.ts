import type { Wording } from '../domain/wording.ts';
import { englishCuesNote } from '../models/offline/english-cues.ts';
import type { CampaignContext } from './campaign-context.ts';

/** Warns where the offline judge reads items that are not in English. */
export async function judgeCuesNote({ config, instructions }: CampaignContext): Promise<readonly Wording[]> {
  const { provider } = config.judge ?? config.llm;
  return provider === 'offline' ? englishCuesNote('offline judge', instructions()) : [];
}
