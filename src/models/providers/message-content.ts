import { z } from 'zod';

/** What the content of a message says, by what it is. */
export interface MessageContent {
  readonly text: string;
  readonly thinking: string;
  readonly refusal: string;
}

interface Part {
  readonly type?: string | undefined;
  readonly text?: string | undefined;
  readonly thinking?: unknown;
  readonly refusal?: string | undefined;
}

const word = z.string().optional().catch(undefined);
const partSchema = z.union([
  z.string().transform((text): Part => ({ text })),
  z.object({ type: word, text: word, thinking: z.unknown().optional(), refusal: word }),
]);
const THINKS = /think|thought|reason/i;
const NOTHING: MessageContent = { text: '', thinking: '', refusal: '' };

/**
 * Reads a content that is a text or a list of parts, as reasoning models of Mistral and gateways to other APIs send it.
 * Parts of other kinds say nothing.
 */
export function readContent(content: unknown): MessageContent {
  if (typeof content === 'string') return { ...NOTHING, text: content };
  if (!Array.isArray(content)) return NOTHING;
  return content.map(readPart).reduce(
    (all, part) => ({
      text: all.text + part.text,
      thinking: all.thinking + part.thinking,
      refusal: all.refusal + part.refusal,
    }),
    NOTHING,
  );
}

function readPart(given: unknown): MessageContent {
  const parsed = partSchema.safeParse(given);
  if (!parsed.success) return NOTHING;
  const { type = 'text', text = '', thinking, refusal = '' } = parsed.data;
  if (!THINKS.test(type)) return { ...NOTHING, text, refusal };
  const nested = readContent(thinking);
  return { ...NOTHING, thinking: text + nested.text + nested.thinking };
}
