import { z } from 'zod';
import { ReplyError } from '../../../domain/errors.ts';
import type { Random } from '../../../math/random.ts';
import { readJsonReply } from '../../../models/read-json-reply.ts';
import { checkIds } from './check-ids.ts';
import type { Choice, ChoiceForm, ShownItem } from './choice-form.ts';
import { readChoices } from './json-lines.ts';

/** No vowels: an id is no word. Pairs of them are a token or two in every tokenizer. */
const ALPHABET = 'bcdfghjkmnpqrstvwxz';
const SHORTEST_ID = 2;
/** After so many ids of a length that are in use, longer ones are drawn. */
const TRIES_PER_LENGTH = 40;
/** See docs/choosing.md for what other sizes cost. */
export const USUAL_CANDIDATES = 40;
export const CANDIDATES_PER_PICK = 4;
const ID = /^[bcdfghjkmnpqrstvwxz]{2,8}$/;

/**
 * Layout 2: a candidate a line, as plain text after an id of two letters, answered with ids alone. A fifth fewer tokens in
 * and a tenth of those out of layout 1. The ids are marked as they were there: who reads prompts by program finds them.
 *
 * No text can begin a line or name an id: line breaks within texts are written as \n, and no id of a prompt is a word of
 * its texts.
 */
export const plainLines: ChoiceForm = {
  shownText: oneLine,
  drawIds,
  candidateLine: ({ id, ...item }) => `{"id":"${id}"} ${itemText(item)}`,
  // Hosted models follow the prompt, and bill a schema as input.
  schema: (ids, count) => ({
    name: 'choice',
    bounded: z.object({ ids: z.array(z.enum(ids)).length(count) }),
  }),
  // With room for JSON and a sentence around the ids.
  outputTokens: { expected: { perPick: 2, beside: 2 }, most: { perPick: 8, beside: 60 } },
  parse: parseIds,
  // What a pick costs is nearly all in the candidates shown for it.
  sizes: ({ perQuery, itemsPerQuery }) => ({
    perQuery: perQuery ?? Math.max(1, Math.floor((itemsPerQuery ?? USUAL_CANDIDATES) / CANDIDATES_PER_PICK)),
    itemsPerQuery:
      itemsPerQuery ?? (perQuery === undefined ? USUAL_CANDIDATES : Math.max(2, perQuery * CANDIDATES_PER_PICK)),
  }),
};

/** Breaks and runs of white space are what a text takes several lines with. Other control characters are left out. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .trim()
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, (space) => (/[\n\r\v\f\u0085\u2028\u2029]/.test(space) ? '\\n' : ' '));
}

function itemText({ earlier_conversation: earlier, instruction, input }: ShownItem): string {
  const before = earlier === undefined ? '' : `[earlier: ${oneLine(earlier)}] `;
  const after = input === undefined ? '' : ` || ${oneLine(input)}`;
  return `${before}${oneLine(instruction)}${after}`;
}

/** Ids that no text has as a word, in any case: a text cannot speak of a candidate, not even of itself. */
function drawIds(items: readonly ShownItem[], random: Pick<Random, 'below'>): string[] {
  const used = new Set(
    items.flatMap(
      (item) =>
        itemText(item)
          .toLowerCase()
          .match(/[a-z]+/g) ?? [],
    ),
  );
  return items.map(() => {
    for (let tries = 0; ; tries += 1) {
      const length = SHORTEST_ID + Math.floor(tries / TRIES_PER_LENGTH);
      const id = Array.from({ length }, () => ALPHABET[random.below(ALPHABET.length)]).join('');
      if (used.has(id)) continue;
      used.add(id);
      return id;
    }
  });
}

/**
 * Reads the ids of a reply: of its lines that have nothing else, or after a colon, with list marks and quotes left out, or
 * in the form the prompt has them.
 * Other lines are talk. The offline stand-in, and servers that hold a model to a schema, answer in JSON.
 * @throws ReplyError
 */
export function parseIds(text: string, ids: ReadonlySet<string>, count: number): Choice[] {
  if (/"(?:ids|choices)"/.test(text)) return readJsonReply(text, (value) => readJsonIds(value, ids, count));
  const chosen = bareIds(text)
    .split(/[\n\r]/)
    .flatMap((line) => idsOf(line) ?? idsOf(line.slice(line.lastIndexOf(':') + 1)) ?? []);
  if (chosen.length === 0) throw new ReplyError('it has no line of ids alone.');
  checkIds(chosen, ids, count);
  return chosen.map((id) => ({ id, reason: '' }));
}

/** A reply with ids alone where it has them as the prompt has. */
export function bareIds(text: string): string {
  return text.replace(/\{\s*"id"\s*:\s*"([^"]*)"\s*\}/g, '$1 ');
}

/** @returns undefined where there is anything but ids */
function idsOf(line: string): string[] | undefined {
  const words = line
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^["'`[(*]+|["'`\])*.,]+$/g, ''))
    .filter((word) => !/^(?:\d+[.):]?|[-•#]|)$/.test(word));
  return words.every((word) => ID.test(word)) ? words : undefined;
}

const idsSchema = z.object({ ids: z.array(z.string()) });

function readJsonIds(value: unknown, ids: ReadonlySet<string>, count: number): Choice[] {
  const parsed = idsSchema.safeParse(value);
  if (!parsed.success) return readChoices(value, ids, count);
  checkIds(parsed.data.ids, ids, count);
  return parsed.data.ids.map((id) => ({ id, reason: '' }));
}
