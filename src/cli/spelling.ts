import { keySpelling } from '../campaign/config/key-spelling.ts';
import { usdNumber } from '../domain/money.ts';
import { WinnowError } from '../domain/winnow-error.ts';
import type { ReferenceValue, Spelling } from '../domain/wording.ts';

/** Options whose flag is not their name in kebab case. */
const FLAGS: Readonly<Record<string, string>> = {
  maxMicroUsd: '--max-usd',
  timeoutMs: '--timeout',
  promptFolder: '--prompts',
  cacheFolder: '--cache-dir',
  byFile: '--mapping',
  'fields.instruction': '--instruction-field',
  'fields.input': '--input-field',
  'fields.output': '--output-field',
  'fields.id': '--id-field',
  'trainer.kind': '--trainer',
  'trainer.command': '--train-command',
  'trainer.baseUrl': '--serve-base-url',
  'trainer.timeLimitMinutes': '--train-minutes',
  'trainer.worstCaseMicroUsd': '--train-cost',
};

/** `--per-query 4`, `winnow import`: what is typed. */
export const flagSpelling: Spelling = ({ kind, name, value, options = [] }) => {
  if (kind === 'command') return ['winnow', name, ...options.map(flagSpelling)].join(' ');
  return `${FLAGS[name] ?? `--${kebabCase(name)}`}${value === undefined || value === true ? '' : ` ${flagValue(value)}`}`;
};

/** As winnow.yaml has it, and as it is typed where it is an option of a command. @param section see `keySpelling` */
export function campaignSpelling(section?: string): Spelling {
  return keySpelling(section, flagSpelling);
}

/** An error of a campaign, with advice for winnow.yaml. */
export function asCampaignError(error: unknown): unknown {
  if (!(error instanceof WinnowError)) return error;
  const { message, hint } = error.spelled(campaignSpelling(error.data.section));
  return new WinnowError(error.code, message, { hint, cause: error, data: error.data });
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function flagValue(value: ReferenceValue): string {
  return typeof value === 'object' ? `${usdNumber(value.input)},${usdNumber(value.output)}` : String(value);
}
