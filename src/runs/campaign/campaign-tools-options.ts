import type { CampaignConfig } from '../../campaign/config/campaign-config.ts';
import type { Clock } from '../../domain/clock.ts';
import type { CampaignState } from '../../store/campaign-state.ts';

/** What the workbench of a campaign is opened from. */
export interface CampaignToolsOptions {
  readonly folder: string;
  readonly config: CampaignConfig;
  readonly state: CampaignState;
  readonly clock: Clock;
  /** Holds the API keys. Training commands get all of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cacheFolder: string;
  readonly fetch?: typeof fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly abandon?: AbortSignal | undefined;
  /** Send requests as batches where a provider has them. */
  readonly batch?: boolean | undefined;
  /** Stay until batches are answered. */
  readonly wait?: boolean | undefined;
  /** Says what the user should know meanwhile. */
  readonly onNote?: ((note: string) => void) | undefined;
}
