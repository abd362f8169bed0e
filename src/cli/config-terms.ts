import { UsageError } from '../errors/usage-error.ts';
import { WinnowError } from '../errors/winnow-error.ts';

/** What the options of `pick` are called in winnow.yaml. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [/--(instruction|input|output|id)-field\b/g, 'pool.fields.$1 in winnow.yaml'],
  [/--skip-bad-lines\b/g, 'pool.skipBadLines in winnow.yaml'],
  [/--model and --base-url\b/g, 'model and baseUrl in winnow.yaml'],
];

/** Advice that knows the options of `pick`, in the words of a campaign. */
export function inConfigTerms(hint: string): string {
  return KEYS.reduce((text, [option, key]) => text.replace(option, key), hint);
}

/** An error of a campaign with advice that can be followed there. Usage errors are the command line's own. */
export function asCampaignError(error: unknown): unknown {
  if (!(error instanceof WinnowError) || error instanceof UsageError) return error;
  const hint = campaignHint(error);
  return hint === error.hint ? error : new WinnowError(error.code, error.message, { hint: hint!, cause: error });
}

/** Advice that needs other words altogether. */
const ADVICE: Readonly<Record<string, string>> = {
  UNKNOWN_PRICE:
    'Put it beside the model in winnow.yaml, in USD per million tokens: price: { input: 0.15, output: 0.60 }; zeros for a model that costs nothing.',
  STATE_LOCKED: 'Wait for it to end or stop it, then run the same command again. winnow status can look on meanwhile.',
  STATE_NEWER: 'Update winnow.',
  STATE_UNREADABLE:
    'Check the folder and its permissions; a file that winnow did not make must be moved out of the way.',
};

function campaignHint({ code, hint }: WinnowError): string | undefined {
  if (hint === undefined) return undefined;
  // A campaign has one price list and one state file: neither is named on the command line.
  return /--(?:price|embedding-price|state)\b/.test(hint) ? (ADVICE[code] ?? hint) : inConfigTerms(hint);
}
