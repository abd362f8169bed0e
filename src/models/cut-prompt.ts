import type { HeldRequest } from '../domain/batches.ts';
import { ProviderError } from '../domain/errors.ts';
import { option, sentence } from '../domain/wording.ts';
import { tokenCount } from './metering/settled-usage.ts';
import type { LlmClient, LlmReply } from './providers/llm-client.ts';

/** A server that read less than this part of a prompt has cut it. Counts of tokens differ by less. */
const LEAST_PART = 0.8;
/**
 * No server is run with a shorter context; and of so short a prompt, what servers add or leave out themselves, and
 * differences between tokenizers, may be more than a fifth.
 */
const FEWEST_TOKENS = 256;

/**
 * Refuses the reply of a server that read less than it was sent, as Ollama does beyond its default context: an answer to
 * a part of the candidates is no answer. Servers that count nothing, or zero, say nothing of it.
 * @throws ProviderError
 */
export function refuseCutPrompt(
  { usage }: Pick<LlmReply, 'usage'>,
  { fewestInputTokens: sent = 0 }: HeldRequest,
  client: LlmClient,
): void {
  const read = tokenCount(usage?.inputTokens) ?? 0;
  if (read === 0) return;
  if (sent < FEWEST_TOKENS || read >= LEAST_PART * sent) return;
  const [readText, sentText] = [read, sent].map((count) => count.toLocaleString('en-US'));
  throw new ProviderError(
    `The server at ${client.endpoint} read ${readText} of about ${sentText} prompt tokens: it cuts prompts for "${client.model}". The answer is not used.`,
    { provider: client.provider, status: 200, retryable: false, billing: 'unknown' },
    {
      hint: sentence`${client.contextAdvice ?? 'Start the server with a longer context.'} Or send less: lower ${option('itemsPerQuery')} or ${option('contextTokens', read)}.`,
    },
  );
}
