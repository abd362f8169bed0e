import type { CampaignCaps } from '../domain/expense.ts';
import type { CampaignConfig } from './config/campaign-config.ts';

/** The caps of winnow.yaml. */
export function capsOf({ budget }: Pick<CampaignConfig, 'budget'>): CampaignCaps {
  return {
    llmMicroUsd: budget.llmUsd,
    labels: budget.labels,
    labelMicroUsd: budget.labelUsd,
    trainingMicroUsd: budget.trainingUsd,
    totalMicroUsd: budget.totalUsd,
  };
}
