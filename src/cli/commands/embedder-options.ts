import { type Command, Option } from 'commander';
import type { ModelPrice } from '../../domain/usage.ts';
import { embedderKey } from '../../models/embedders/embedder-key.ts';
import type { LongTexts } from '../../models/embedders/fitting-batches.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import { addEmbedderFlags, embedderOptions } from './model-flags.ts';

/** Who embeds, as commander hands it over. */
export interface EmbedderFlags {
  readonly embedder?: string;
  readonly embeddingModel?: string;
  readonly embeddingBaseUrl?: string;
  readonly embeddingPrice?: ModelPrice;
  readonly embeddingLongTexts?: LongTexts;
}

export function addEmbedderOptions(command: Command): Command {
  const summaries = [...EMBEDDERS].map(({ name, summary }) => `${name}: ${summary}`).join('; ');
  command
    .optionsGroup('Embedding:')
    .addOption(new Option('--embedder <name>', `${summaries} (default: minilm)`).choices(EMBEDDERS.names));
  return addEmbedderFlags(command);
}

/** @param environment where the key is: OpenAI's goes to OpenAI, a server of the user's own gets its own or none */
export function toEmbedderOptions(flags: EmbedderFlags, environment: NodeJS.ProcessEnv) {
  const { embedder, embeddingModel, embeddingBaseUrl, embeddingPrice, embeddingLongTexts } = flags;
  const key = embedderKey({ kind: embedder ?? 'minilm', baseUrl: embeddingBaseUrl }, environment);
  return {
    embedder,
    embedderOptions: embedderOptions(flags),
    embeddingModel,
    embeddingBaseUrl,
    embeddingApiKey: key.apiKey,
    embeddingKeySource: key.keySource,
    embeddingPrice,
    embeddingLongTexts,
  };
}
