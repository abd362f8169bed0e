import type { TokenEncoding } from './token-count.ts';

/** By the beginning of a model's name, the first that matches. */
const ENCODINGS: readonly (readonly [RegExp, TokenEncoding])[] = [
  [/^(?:chatgpt-4o|gpt-4o|gpt-4\.\d|gpt-[5-9]|gpt-oss|o[1-9])(?![a-z0-9])/, 'o200k_base'],
  [
    /^(?:gpt-4|gpt-3\.5|gpt-35|text-embedding-ada-002|text-embedding-3|davinci-002|babbage-002)(?![a-z0-9])/,
    'cl100k_base',
  ],
  [/^(?:text-davinci-00[23]|text-davinci-edit|code-)/, 'p50k_base'],
  [/^(?:text-)?(?:davinci|curie|babbage|ada)(?![a-z0-9])/, 'r50k_base'],
];

/**
 * The encoding of an OpenAI model, fine-tuned ones included; undefined for names that are not known.
 * Source: https://github.com/openai/tiktoken/blob/main/tiktoken/model.py
 */
export function openAiEncoding(model: string): TokenEncoding | undefined {
  const name = model.replace(/^ft:/, '');
  return ENCODINGS.find(([pattern]) => pattern.test(name))?.[1];
}
