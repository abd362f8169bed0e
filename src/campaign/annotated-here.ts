import { BRIDGES } from '../labels/registry.ts';
import type { CampaignConfig } from './config/campaign-config.ts';

/** Whether people label in winnow's own page or in a plain file, and not in an annotation tool. */
export function isAnnotatedHere({ tool, url }: Pick<CampaignConfig['labels'], 'tool' | 'url'>): boolean {
  return url === undefined && BRIDGES.find(tool).isPlain === true;
}
