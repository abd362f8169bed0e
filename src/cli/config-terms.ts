import { UsageError, WinnowError } from '../domain/errors.ts';

/** What the options of `pick` are called in winnow.yaml. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [/--(instruction|input|output|id)-field\b/g, 'pool.fields.$1 in winnow.yaml'],
  [/--skip-bad-lines\b/g, 'pool.skipBadLines in winnow.yaml'],
  [/--dedupe-threshold\b/g, 'pool.dedupeThreshold in winnow.yaml'],
  [/: --embedder openai, or --embeddings file\.npy with vectors you have/g, ': embedder.kind: openai in winnow.yaml'],
  [/--embedding-base-url\b/g, 'embedder.baseUrl in winnow.yaml'],
  [/--embedding-model\b/g, 'embedder.model in winnow.yaml'],
  [/--model and --base-url\b/g, 'model and baseUrl in winnow.yaml'],
  [/with --base-url, such as --base-url (\S+)\./g, 'as baseUrl in winnow.yaml, such as $1.'],
  [/--base-url and the network\b/g, 'baseUrl in winnow.yaml, and the network'],
  [/--base-url\b/g, 'baseUrl in winnow.yaml'],
  [/--per-query or raise --items-per-query\b/g, 'perQuery or raise itemsPerQuery under rounds in winnow.yaml'],
  [/--context-tokens\b/g, 'contextTokens in winnow.yaml'],
  [/--count\b/g, 'count under rounds in winnow.yaml'],
  [/--provider and --model\b/g, 'llm.provider and llm.model in winnow.yaml'],
];

/** Options of strategies, which are keys of rounds.seed.options there. */
const STRATEGY_OPTION =
  /--(per-query|items-per-query|threshold|top|per-cluster|draft|score-field|scorer|prefer|generations|others)\b/g;

/** Advice that knows the options of `pick`, in the words of a campaign. */
export function inConfigTerms(hint: string): string {
  const text = KEYS.reduce((changed, [option, key]) => changed.replace(option, key), hint);
  return text.replace(STRATEGY_OPTION, (_, option: string) => `${camelCase(option)} under rounds in winnow.yaml`);
}

function camelCase(option: string): string {
  return option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** An error of a campaign with advice that can be followed there. */
export function asCampaignError(error: unknown): unknown {
  if (!(error instanceof WinnowError)) return error;
  // Wrong usage keeps its exit code; what names the command line's own options stays as it is.
  if (error instanceof UsageError)
    return new UsageError(inConfigTerms(error.message), error.hint && inConfigTerms(error.hint));
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
