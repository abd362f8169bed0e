import type { PromptTemplate } from '../../models/prompt-template.ts';

/** How a prompt shows the texts of an item. */
export interface ItemForm {
  /** A text as the prompt has it: what its tokens are counted by. */
  shownText(text: string): string;
  /** All texts, by name. No text can end its own place. */
  shown(texts: Readonly<Record<string, string>>): string;
}

/** Layout 1: one line of JSON. */
const json: ItemForm = { shownText: (text) => JSON.stringify(text), shown: (texts) => JSON.stringify(texts) };

/** Layout 2: a line for each text, after its name. Line breaks within texts are written as \n, so no text can begin a line. */
const lines: ItemForm = {
  shownText: oneLine,
  shown: (texts) =>
    Object.entries(texts)
      .map(([name, text]) => `${name}: ${oneLine(text)}`)
      .join('\n'),
};

/** By the layout of the prompt. Layout 1 is that of prompts that name none, such as those of earlier versions. */
export function itemForm({ layout }: Pick<PromptTemplate, 'layout'>): ItemForm {
  return layout === 1 ? json : lines;
}

/** White space is left as it is, since code depends on it. Other control characters are left out. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/g, '\\n')
    .replace(/(?!\t)\p{Cc}/gu, '');
}
