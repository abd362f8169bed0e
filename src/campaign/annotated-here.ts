import type { CampaignConfig } from './config/campaign-config.ts';

/** Whether people label with winnow itself, or in the plain file it wrote, and not in an annotation tool. */
export function isAnnotatedHere({ tool, url }: Pick<CampaignConfig['labels'], 'tool' | 'url'>): boolean {
  return url === undefined && (tool === 'jsonl' || tool === 'csv');
}
