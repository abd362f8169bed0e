import { badReplies } from './bad-replies.ts';
import { cappedPick, lyingPick } from './capped-pick.ts';
import { damagedState } from './damaged-state.ts';
import { killedBatch } from './killed-batch.ts';
import { killedCampaign, killedControl } from './killed-campaign.ts';
import { killedPick } from './killed-pick.ts';
import { killedScore } from './killed-score.ts';
import type { Trial } from './trial.ts';

/** All trials by name. */
export const TRIALS: Readonly<Record<string, Trial>> = {
  'killed-pick': killedPick,
  'killed-score': killedScore,
  'killed-batch-openai': killedBatch('openai'),
  'killed-batch-anthropic': killedBatch('anthropic'),
  'killed-batch-mistral': killedBatch('mistral'),
  'killed-campaign': killedCampaign,
  'killed-control': killedControl,
  'capped-pick': cappedPick,
  'lying-pick': lyingPick,
  'bad-replies': badReplies,
  'damaged-state': damagedState,
};
