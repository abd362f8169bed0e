export const EMBEDDERS = ['minilm', 'openai'] as const;
export type EmbedderName = (typeof EMBEDDERS)[number];
