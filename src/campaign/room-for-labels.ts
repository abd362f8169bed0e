import type { CampaignRoom } from '../domain/expense.ts';
import type { MicroUsd } from '../domain/money.ts';

/** What a round needs beside its labels: without it people would be paid for labels that nothing is made of. */
export interface RoundNeeds {
  /** The most that training on the labels so far can cost. */
  readonly trainingMicroUsd: MicroUsd;
  /** The most that judging what is held out and one more answer can cost. */
  readonly llmMicroUsd: MicroUsd;
}

export const NO_NEEDS: RoundNeeds = { trainingMicroUsd: 0, llmMicroUsd: 0 };

/** The room there is, less what of a shared total the round needs beside its labels. */
export function roomForLabels(room: CampaignRoom, { trainingMicroUsd, llmMicroUsd }: RoundNeeds): CampaignRoom {
  const { labelMicroUsd, totalMicroUsd } = room;
  if (labelMicroUsd === undefined || totalMicroUsd === undefined) return room;
  return {
    ...room,
    labelMicroUsd: Math.max(0, Math.min(labelMicroUsd, totalMicroUsd - trainingMicroUsd - llmMicroUsd)),
  };
}
