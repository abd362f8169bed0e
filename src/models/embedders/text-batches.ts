import { CAUTIOUS_MARGINS, type ModelTokens, modelTokens, type TokenMargins } from '../metering/model-tokens.ts';
import { openAiEncoding } from '../metering/openai-encoding.ts';

const OPENAI_MARGINS: TokenMargins = {
  text: 1,
  schemaTokens: 0,
  // Every embedding model it has today.
  encodingOf: (model) => openAiEncoding(model) ?? 'cl100k_base',
};

/** How the texts of an embedding model are counted. */
export function embeddingTokens(provider: string, model: string): ModelTokens {
  return modelTokens(model, provider === 'openai' ? OPENAI_MARGINS : CAUTIOUS_MARGINS);
}

/** Consecutive texts that are sent in one request. */
export interface TextBatch {
  /** Position of the first of them. */
  readonly first: number;
  readonly texts: readonly string[];
  /** As we count. */
  readonly tokens: number;
  /** The most they can be for the model. */
  readonly mostTokens: number;
}

const MAX_BATCH_TEXTS = 256;
const MAX_BATCH_TOKENS = 100_000;

/**
 * Splits texts into batches of at most 256 texts and 100,000 tokens, each as large as it can be. A text
 * with more tokens than that is a batch of its own. Cost: every text's tokens are counted twice.
 */
export function textBatches(texts: readonly string[], { count, most }: ModelTokens): TextBatch[] {
  const batches: TextBatch[] = [];
  let first = 0;
  let tokens = 0;
  let mostTokens = 0;
  for (const [position, text] of texts.entries()) {
    const textTokens = count(text);
    const full = position - first === MAX_BATCH_TEXTS || tokens + textTokens > MAX_BATCH_TOKENS;
    if (full && position > first) {
      batches.push({ first, texts: texts.slice(first, position), tokens, mostTokens });
      first = position;
      tokens = 0;
      mostTokens = 0;
    }
    tokens += textTokens;
    mostTokens += most(text);
  }
  if (first < texts.length) batches.push({ first, texts: texts.slice(first), tokens, mostTokens });
  return batches;
}
