/** Who can serve a chat model. `compatible`: any server that speaks OpenAI's API. */
export const PROVIDERS = ['offline', 'openai', 'anthropic', 'compatible'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

export const EMBEDDERS = ['minilm', 'openai'] as const;
export type EmbedderName = (typeof EMBEDDERS)[number];
