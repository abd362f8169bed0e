import { loadConfig } from '../campaign/config/load-config.ts';
import { type CampaignOptions, openContext } from '../runs/campaign/open-context.ts';
import { buildReport } from './build-report.ts';
import type { ReportData } from './report-data.ts';
import { withholdSecrets } from './withhold-secrets.ts';

export interface ReportOptions extends CampaignOptions {
  /** Part of what is needed to repeat a campaign. Default: not told. */
  readonly nodeVersion?: string | undefined;
}

/** Nobody is sent it: vectors of OpenAI are read from the cache, and nothing else is asked for. */
const NO_KEY = 'a report needs no key';

/**
 * All that a report says of the campaign in a folder: figures of one moment, whoever else is at work on it. Costs
 * nothing; the first one takes longer, for it draws the map.
 * @throws ConfigError, StateError; StepError where the campaign is not begun
 */
export async function report(folder: string, options: ReportOptions = {}): Promise<ReportData> {
  const { text } = await loadConfig(folder);
  const { environment = {}, nodeVersion = 'not told' } = options;
  const joined = await openContext(folder, options, 'join');
  try {
    const keyed = { ...environment, OPENAI_API_KEY: environment.OPENAI_API_KEY || NO_KEY };
    const view = await openContext(folder, { ...options, environment: keyed }, 'view');
    try {
      const withhold = (said: string) => withholdSecrets(said, environment);
      const data = await buildReport(view, { nodeVersion, configText: withhold(text), keep: joined.state });
      // They may hold what a provider said.
      return { ...data, notes: data.notes.map(withhold) };
    } finally {
      await view.close();
    }
  } finally {
    await joined.close();
  }
}
