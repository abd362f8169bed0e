/** How models mark their thinking in a text, where the server does not take it out. */
const MARKS = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<seed:think>', '</seed:think>'],
  // gpt-oss at Amazon Bedrock.
  ['<reasoning>', '</reasoning>'],
  ['[THINK]', '[/THINK]'],
] as const;

/** A reply's text in two parts: what the model thought first, and what it answers. */
export interface SeparatedText {
  /** With its marks; empty where there is none. */
  readonly thinking: string;
  readonly answer: string;
}

/**
 * Separates the thinking that a text begins with from the answer. Some servers send the closing mark alone, since the
 * opening one is part of their prompt. Thinking without an end is all there is; marks later in an answer are its text.
 */
export function separateThinking(text: string): SeparatedText {
  const begin = text.length - text.trimStart().length;
  for (const [open, close] of MARKS) {
    const isOpened = text.startsWith(open, begin);
    const end = text.indexOf(close, begin);
    if (end < 0) {
      if (isOpened) return { thinking: text, answer: '' };
      continue;
    }
    if (!isOpened && text.slice(0, end).includes(open)) continue;
    const split = end + close.length;
    return { thinking: text.slice(0, split), answer: text.slice(split).trimStart() };
  }
  return { thinking: '', answer: text };
}
