import { type CampaignOptions, openContext } from '../runs/campaign/open-context.ts';
import { buildReport } from './build-report.ts';
import type { ReportData } from './report-data.ts';

export interface ReportOptions extends CampaignOptions {
  /** Shown in the report for reproducibility. Default: unknown. */
  readonly nodeVersion?: string | undefined;
}

/** Never sent: vectors of OpenAI are read from the cache, and there are no other requests. */
const NO_KEY = 'a report needs no key';

/**
 * The report of the campaign in a folder. All figures are of the same moment, also while other processes work on the
 * campaign. Costs nothing. The first report takes longer, because it computes the map.
 * @throws ConfigError, StateError; StepError if the campaign has not started
 */
export async function report(folder: string, options: ReportOptions = {}): Promise<ReportData> {
  const { environment = {}, nodeVersion = 'unknown' } = options;
  const joined = await openContext(folder, options, 'join');
  try {
    const keyed = { ...environment, OPENAI_API_KEY: environment.OPENAI_API_KEY || NO_KEY };
    const view = await openContext(folder, { ...options, environment: keyed }, 'view');
    try {
      const redact = (text: string) => redactSecrets(text, environment);
      const data = await buildReport(view, {
        nodeVersion,
        configText: redact(view.configText),
        writable: joined.state,
      });
      // Notes may quote messages of a provider.
      return { ...data, notes: data.notes.map(redact) };
    } finally {
      await view.close();
    }
  } finally {
    await joined.close();
  }
}

/** Names of variables that hold secrets: OPENAI_API_KEY, HF_TOKEN_2, PGPASSWORD. */
const SECRET_NAME = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)S?(?:_|\d|$)/i;
/** Shorter values are not secrets, and may be in a text by chance. */
const SHORTEST_SECRET = 8;

/** The text with each secret of the environment replaced by the name of its variable. */
export function redactSecrets(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  const secrets = Object.entries(environment)
    .map(([name, value = '']) => ({ name, value: value.trim() }))
    .filter(({ name, value }) => value.length >= SHORTEST_SECRET && SECRET_NAME.test(name))
    // Longer ones first: one secret may be the beginning of another.
    .sort((a, b) => b.value.length - a.value.length);
  let redacted = text;
  for (const { name, value } of secrets) {
    redacted = redacted.replaceAll(value, () => `[value of ${name}, redacted]`);
  }
  return redacted;
}
