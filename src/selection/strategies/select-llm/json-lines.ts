import { z } from 'zod';
import { ReplyError } from '../../../domain/errors.ts';
import { readJsonReply } from '../../../models/read-json-reply.ts';
import { checkIds } from './check-ids.ts';
import type { Choice, ChoiceForm } from './choice-form.ts';

/** Letters and digits that do not look similar. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const ID_LENGTH = 4;
const MAX_REASON_LENGTH = 300;

/** The defaults of the time. */
export const EARLIER_SIZES = { perQuery: 4, itemsPerQuery: 20 } as const;

/** The form of the answer: the chosen ids, best first. The same for every query, so that providers can cache it. */
const choiceSchema = z.object({
  choices: z.array(z.object({ id: z.string(), reason: z.string() })),
});

/**
 * Layout 1: candidates as lines of JSON, answered in JSON with a reason for each choice. Prompts of earlier versions have
 * it, and prompts of users that name no layout.
 */
export const jsonLines: ChoiceForm = {
  shownText: (text) => JSON.stringify(text),
  drawIds: (items, random) => {
    const ids = new Set<string>();
    while (ids.size < items.length) {
      ids.add(Array.from({ length: ID_LENGTH }, () => ALPHABET[random.below(ALPHABET.length)]).join(''));
    }
    return [...ids];
  },
  candidateLine: (candidate) => JSON.stringify(candidate),
  schema: (ids, count) => ({
    name: 'choice',
    definition: choiceSchema,
    bounded: z.object({ choices: z.array(z.object({ id: z.enum(ids), reason: z.string() })).length(count) }),
  }),
  // For an id, a reason of 15 words and the JSON around them.
  outputTokens: { expected: { perPick: 36, beside: 10 }, most: { perPick: 60, beside: 60 } },
  parse: (text, ids, count) => readJsonReply(text, (value) => readChoices(value, ids, count)),
  sizes: (given) => ({ ...EARLIER_SIZES, ...given }),
};

/** @throws ReplyError */
export function readChoices(value: unknown, ids: ReadonlySet<string>, count: number): Choice[] {
  const parsed = choiceSchema.safeParse(value);
  if (!parsed.success) {
    throw new ReplyError(`it is not of the form {"choices": [{"id": "…", "reason": "…"}]}.`);
  }
  const { choices } = parsed.data;
  checkIds(
    choices.map(({ id }) => id),
    ids,
    count,
  );
  return choices.map(({ id, reason }) => ({ id, reason: reason.trim().slice(0, MAX_REASON_LENGTH).toWellFormed() }));
}
