import { type Command, Option } from 'commander';
import { EMBEDDERS, type EmbedderName } from '../../domain/providers.ts';
import type { ModelPrice } from '../../domain/usage.ts';
import { parsePrice } from '../../models/metering/prices.ts';

/** Who embeds, as commander hands it over. */
export interface EmbedderFlags {
  readonly embedder?: EmbedderName;
  readonly embeddingModel?: string;
  readonly embeddingBaseUrl?: string;
  readonly embeddingPrice?: ModelPrice;
}

export function addEmbedderOptions(command: Command): Command {
  return command
    .optionsGroup('Embedding:')
    .addOption(
      new Option('--embedder <name>', 'minilm runs here; openai is any /embeddings endpoint (default: minilm)').choices(
        EMBEDDERS,
      ),
    )
    .option('--embedding-model <name>', 'its model (default: text-embedding-3-small)')
    .option('--embedding-base-url <url>', 'where it is served, if not at OpenAI')
    .option(
      '--embedding-price <in,out>',
      'USD per million tokens, for models the price table does not know',
      parsePrice,
    );
}

/** @param environment where the key is: OpenAI's goes to OpenAI, a server of the user's own gets its own or none */
export function toEmbedderOptions(flags: EmbedderFlags, environment: NodeJS.ProcessEnv) {
  const { embedder, embeddingModel, embeddingBaseUrl, embeddingPrice } = flags;
  const embeddingKeySource = embeddingBaseUrl === undefined ? 'OPENAI_API_KEY' : 'WINNOW_EMBEDDING_API_KEY';
  return {
    embedder,
    embeddingModel,
    embeddingBaseUrl,
    embeddingApiKey: environment[embeddingKeySource],
    embeddingKeySource,
    embeddingPrice,
  };
}
