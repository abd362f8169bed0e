import { z } from 'zod';
import { chatMessages } from '../domain/chat-messages.ts';
import { type Conversation, contextText, conversationText } from '../domain/conversation.ts';
import { parseBoundedJson } from '../domain/foreign-json.ts';
import { isPlaceholder } from '../domain/placeholders.ts';

/** The text of an item as a label file shows it. A field that the file does not have is absent. */
export interface ShownText {
  /** The whole item as one readable text. */
  readonly prompt?: string;
  /** The request, without its input. */
  readonly instruction?: string;
  readonly input?: string;
  readonly context?: string;
  /** Who said what, as `messagesText` has it; an answer may follow. */
  readonly messages?: string;
}

/** The most characters of a spreadsheet's cell are 32,767; some programs cut a little before. */
const CUT_CHARACTERS = 32_000;
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};
const ENTITY = new RegExp(Object.keys(ENTITIES).join('|'), 'g');
/** A line end in a cell, as Excel writes it into some files. */
const CELL_LINE_END = /_x000[dD]_/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const INVISIBLE = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffd\s]+/g;
const LEADING_APOSTROPHES = /^[\s']+/;

/**
 * Whether a label file shows the text of this item. What tools and spreadsheets do to a text makes no difference: line
 * ends, spaces, invisible characters, composed letters, HTML entities, an apostrophe before a formula, a cell that is
 * full.
 * @returns undefined when the file does not show enough of the text to say
 */
export function showsItem(shown: ShownText, item: Conversation): boolean | undefined {
  const checks = [
    ...(shown.prompt === undefined ? [] : [isSame(shown.prompt, [conversationText(item)])]),
    ...(shown.instruction === undefined ? [] : [isSame(shown.instruction, requests(item))]),
    ...(shown.input === undefined ? [] : [isSame(material(shown.input), [material(item.input)])]),
    ...(shown.context === undefined ? [] : [isSame(shown.context, [contextText(item) ?? ''])]),
    ...(shown.messages === undefined ? [] : [beginsWith(shown.messages, messagesText(chatMessages(item)))]),
  ];
  return checks.length === 0 ? undefined : checks.every(Boolean);
}

/** The request by itself and, for tools without a field for it, with what was said before. */
export function requests(item: Conversation): string[] {
  const context = contextText(item);
  return [item.instruction, ...(context === undefined ? [] : [`${context}\n\nUser: ${item.instruction}`])];
}

/** An input, or '' where there is none: version 0.1 took placeholders such as `<noinput>` for one. */
function material(input = ''): string {
  return isPlaceholder(input, false) ? '' : input;
}

function isSame(shown: string, texts: readonly string[]): boolean {
  const found = plain(shown);
  const isCut = shown.length >= CUT_CHARACTERS;
  return texts.map(plain).some((text) => text === found || (isCut && text.startsWith(found)));
}

function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(ENTITY, (entity) => ENTITIES[entity]!)
    .replace(CELL_LINE_END, ' ')
    .normalize('NFC')
    .replace(INVISIBLE, ' ')
    .replace(LEADING_APOSTROPHES, '')
    .trim();
}

/** Messages in the form of chat APIs, or their JSON, as one text: who said what. Undefined for anything else. */
export function messagesText(messages: unknown): string | undefined {
  const parsed = typeof messages === 'string' ? parsedJson(messages) : messages;
  const read = z
    .array(z.object({ role: z.string(), content: z.string() }))
    .min(1)
    .safeParse(parsed);
  return read.success ? read.data.map(({ role, content }) => `${role}: ${content}`).join('\n') : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch {
    return undefined;
  }
}

function beginsWith(shown: string, own: string | undefined): boolean {
  return own === undefined || plain(shown).startsWith(plain(own));
}

/** The texts that are there, for a `ShownText`; other values say nothing. */
export function shownText(fields: { readonly [Name in keyof ShownText]: unknown }): ShownText {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
}
