import { z } from 'zod';
import { ProviderError } from '../../domain/errors.ts';
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

const LOGPROBS = /log.?prob/i;
const TEMPERATURE = /temperature/i;
const OUTPUT_LIMIT = /max_(?:completion_)?tokens/i;
const UNSUPPORTED = /unsupported|not supported|unrecognized|unknown|unexpected|not permitted|extra inputs|instead/i;
const FORMAT =
  /response_format|json_schema|json_object|output_config|output_format|structured.output|invalid schema|guided|grammar/i;

/**
 * The dialect to try after a request was turned down.
 * @returns undefined when the refusal is not about how we ask, or nothing is left to try
 */
export function simplerDialect(dialect: Dialect, refusal: ProviderError): Dialect | undefined {
  const { message, status = 0 } = refusal;
  // OpenAI's thinking models "do not allow" log-probabilities; the rest of the request they do.
  if (dialect.topLogprobs.length > 0 && [400, 403, 422].includes(status) && LOGPROBS.test(message)) {
    return { ...dialect, topLogprobs: dialect.topLogprobs.slice(1) };
  }
  if (status !== 400 && status !== 422) return undefined;
  if (dialect.temperature && TEMPERATURE.test(message)) return { ...dialect, temperature: false };
  if (dialect.outputLimits.length > 1 && OUTPUT_LIMIT.test(message) && UNSUPPORTED.test(message)) {
    return { ...dialect, outputLimits: dialect.outputLimits.slice(1) };
  }
  if (dialect.formats.length > 1 && FORMAT.test(message)) return { ...dialect, formats: dialect.formats.slice(1) };
  return undefined;
}

/**
 * Remembers a server's dialect for the life of a client. Requests that were sent side by side may be
 * refused for the same reason; the first changes the dialect, the others just follow it.
 */
export class Negotiation {
  #dialect: Dialect;

  constructor(first: Dialect) {
    this.#dialect = first;
  }

  /** Sends until the server takes it, each refused feature once. */
  async send<R>(request: (dialect: Dialect) => Promise<R>): Promise<R> {
    for (;;) {
      const used = this.#dialect;
      try {
        return await request(used);
      } catch (error) {
        const next = error instanceof ProviderError ? simplerDialect(used, error) : undefined;
        if (!next) throw error;
        if (this.#dialect === used) this.#dialect = next;
      }
    }
  }
}

/** The system prompt, with the schema written out where the server does not take it as a parameter. */
export function systemText(request: LlmRequest, format: AnswerFormat): string {
  const demand = writtenSchema(request, { formats: [format] });
  return [request.system, demand].filter(Boolean).join('\n\n');
}

/** What a prompt says of the answer's structure, where the server does not take a schema; else undefined. */
export function writtenSchema(
  { schema }: LlmRequest,
  { formats: [format = 'none'] }: Pick<Dialect, 'formats'>,
): string | undefined {
  if (format === 'json_schema' || schema === undefined) return undefined;
  const written = JSON.stringify(z.toJSONSchema(schema.definition));
  return `Answer with JSON only, without a code fence, valid under this JSON Schema:\n${written}`;
}
