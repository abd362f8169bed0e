import { z } from 'zod';
import type { ProviderError } from '../../domain/errors.ts';
import type { LlmRequest } from './llm-client.ts';

/** How the answer's structure is asked for: by schema, as "some JSON", or in the prompt's words alone. */
export type AnswerFormat = 'json_schema' | 'json_object' | 'none';
export type OutputLimitName = 'max_completion_tokens' | 'max_tokens';

/**
 * What a server takes, as far as is known: of each list the first entry is used, the others are what is
 * left to try. A refusal only ever shortens it, so negotiating ends after a few requests.
 */
export interface Dialect {
  readonly formats: readonly AnswerFormat[];
  /**
   * Whether the schema names the valid ids, counts and scores. Small models need it; hosted services, which prepare every
   * new schema for seconds, get one for all requests.
   */
  readonly bounds?: boolean;
  readonly outputLimits: readonly OutputLimitName[];
  /** Whether a temperature may be sent. Thinking models refuse any but their default. */
  readonly temperature: boolean;
  /** How many alternatives of each token may be asked for; empty where log-probabilities are not given at all. */
  readonly topLogprobs: readonly number[];
}

/** What every server takes: a prompt and a limit. */
export const PLAIN_DIALECT: Dialect = {
  formats: ['none'],
  outputLimits: ['max_tokens'],
  temperature: true,
  topLogprobs: [],
};

/** A part of a request that a server may refuse. */
export type Feature = 'bounds' | 'format' | 'temperature' | 'logprobs' | 'limit';

const LOGPROBS = /log.?prob/i;
const TEMPERATURE = /temperature/i;
const OUTPUT_LIMIT = /max_(?:completion_)?tokens/i;
const UNSUPPORTED = /unsupported|not supported|unrecognized|unknown|unexpected|not permitted|extra inputs|instead/i;
const FORMAT =
  /response_format|json.?schema|json_object|output_config|output_format|structured.output|invalid schema|guided|grammar/i;
/** Statuses with which servers refuse a part of a request; llama.cpp and others use 500 for it, or 501. */
const REFUSALS: ReadonlySet<number> = new Set([400, 422, 500, 501]);
/** Of these words alone are refusals that do not say what they refuse. */
const EMPTY_WORDS = new Set(
  'a again an and bad be been by cannot could error errors exception failed failure has i in input internal invalid is it later not occurred of parameter parameters please process processed processing request server something sorry the this to try unexpected unknown was went while with wrong your 400 422 500'.split(
    ' ',
  ),
);

/** What of a dialect a request uses, so that it may be why it is refused. */
export function usedFeatures(request: LlmRequest, dialect: Dialect): ReadonlySet<Feature> {
  const used = new Set<Feature>(['limit']);
  const [format = 'none'] = dialect.formats;
  if (format === 'json_schema' ? sentSchema(request, dialect) : format !== 'none' && request.schema?.definition)
    used.add('format');
  if (request.schema?.bounded && format === 'json_schema' && dialect.bounds) used.add('bounds');
  if (dialect.temperature) used.add('temperature');
  if (request.topLogprobs !== undefined && dialect.topLogprobs.length > 0) used.add('logprobs');
  return used;
}

/**
 * The dialect without one feature, or with the next form of it.
 * @returns undefined where there is no other form
 */
export function without(feature: Feature, dialect: Dialect): Dialect | undefined {
  switch (feature) {
    case 'bounds':
      return { ...dialect, bounds: false };
    case 'format':
      return dialect.formats.length > 1 ? { ...dialect, formats: dialect.formats.slice(1) } : undefined;
    case 'temperature':
      return { ...dialect, temperature: false };
    case 'logprobs':
      return { ...dialect, topLogprobs: dialect.topLogprobs.slice(1) };
    case 'limit':
      return dialect.outputLimits.length > 1 ? { ...dialect, outputLimits: dialect.outputLimits.slice(1) } : undefined;
  }
}

/** The feature that a refusal names; undefined where it is not about how we ask. */
export function refusedFeature(refusal: ProviderError, used: ReadonlySet<Feature>): Feature | undefined {
  const { message, status = 0 } = refusal;
  // OpenAI's thinking models "do not allow" log-probabilities; the rest of the request they do.
  if (used.has('logprobs') && (REFUSALS.has(status) || status === 403) && LOGPROBS.test(message)) return 'logprobs';
  if (!REFUSALS.has(status)) return undefined;
  if (used.has('temperature') && TEMPERATURE.test(message)) return 'temperature';
  if (OUTPUT_LIMIT.test(message) && UNSUPPORTED.test(message)) return 'limit';
  if (FORMAT.test(message)) return used.has('bounds') ? 'bounds' : used.has('format') ? 'format' : undefined;
  return undefined;
}

/** Whether a request was turned down without a word about why. */
export function isNameless({ status, said }: ProviderError): boolean {
  const words = said.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return (status === 400 || status === 422 || status === 500) && words.every((word) => EMPTY_WORDS.has(word));
}

/** The system prompt, with the schema written out where the server does not take it as a parameter. */
export function systemText(request: LlmRequest, format: AnswerFormat): string {
  const demand = writtenSchema(request, { formats: [format] });
  return [request.system, demand].filter(Boolean).join('\n\n');
}

/** The schema as a server gets it: with the ids and bounds of this request unless it refused them. */
export function sentSchema({ schema }: LlmRequest, { bounds }: Pick<Dialect, 'bounds'>): z.ZodType | undefined {
  return (bounds ? schema?.bounded : undefined) ?? schema?.definition;
}

/** What a prompt says of the answer's structure, where the server does not take a schema; else undefined. */
export function writtenSchema(
  { schema }: LlmRequest,
  { formats: [format = 'none'] }: Pick<Dialect, 'formats'>,
): string | undefined {
  if (format === 'json_schema' || schema?.definition === undefined) return undefined;
  const written = JSON.stringify(z.toJSONSchema(schema.definition));
  return `Answer with JSON only, without a code fence, valid under this JSON Schema:\n${written}`;
}
