import { CAUTIOUS_MARGINS, countTokens } from '../metering/token-count.ts';
import type { ProviderDefinition } from '../providers/provider-definition.ts';

/** Other servers run models with other tokenizers than OpenAI's, by which we count. */
export function embeddingMargin({ name }: Pick<ProviderDefinition, 'name'>): number {
  return name === 'openai' ? 1 : CAUTIOUS_MARGINS.text;
}

/** Consecutive texts that are sent in one request. */
export interface TextBatch {
  /** Position of the first of them. */
  readonly first: number;
  readonly texts: readonly string[];
  readonly tokens: number;
}

const MAX_BATCH_TEXTS = 256;
const MAX_BATCH_TOKENS = 100_000;

/**
 * Splits texts into batches of at most 256 texts and 100,000 tokens, each as large as it can be. A text
 * with more tokens than that is a batch of its own. Cost: every text's tokens are counted once.
 */
export function textBatches(texts: readonly string[]): TextBatch[] {
  const batches: TextBatch[] = [];
  let first = 0;
  let tokens = 0;
  for (const [position, text] of texts.entries()) {
    const textTokens = countTokens(text, 'cl100k_base');
    const full = position - first === MAX_BATCH_TEXTS || tokens + textTokens > MAX_BATCH_TOKENS;
    if (full && position > first) {
      batches.push({ first, texts: texts.slice(first, position), tokens });
      first = position;
      tokens = 0;
    }
    tokens += textTokens;
  }
  if (first < texts.length) batches.push({ first, texts: texts.slice(first), tokens });
  return batches;
}
