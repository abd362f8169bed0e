import { z } from 'zod';
import { ReplyError } from '../../../domain/errors.ts';
import { extractJson } from '../../../models/extract-json.ts';

/** What the LLM answers: the chosen ids, best first. The same for every query, so that providers can cache it. */
export const choiceSchema = z.object({
  choices: z.array(z.object({ id: z.string(), reason: z.string() })),
});

export interface Choice {
  readonly id: string;
  readonly reason: string;
}

const MAX_REASON_LENGTH = 300;

/**
 * Reads a reply strictly: exactly `count` distinct ids of this prompt, or nothing. JSON may stand in a
 * code fence or among prose; it is never guessed at or completed.
 * Source: SelectLLM's reference code takes candidates #2…#m+1 where it cannot read a reply; we ask again.
 * @throws ReplyError saying what is wrong, in words the model can act on
 */
export function parseChoice(text: string, ids: ReadonlySet<string>, count: number): Choice[] {
  const parsed = choiceSchema.safeParse(extractJson(text));
  if (!parsed.success) {
    throw new ReplyError(`it is not of the form {"choices": [{"id": "…", "reason": "…"}]}.`);
  }
  const { choices } = parsed.data;
  const unknown = choices.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
  if (unknown.length > 0) {
    const names = unknown.slice(0, 5).map((id) => JSON.stringify(id.slice(0, 40)));
    throw new ReplyError(
      `${names.join(', ')} ${unknown.length === 1 ? 'is not the id' : 'are not ids'} of a candidate.`,
    );
  }
  const seen = new Set<string>();
  const repeated = choices.find(({ id }) => seen.size === seen.add(id).size);
  if (repeated) throw new ReplyError(`the id "${repeated.id}" is chosen more than once.`);
  if (choices.length !== count) {
    throw new ReplyError(`it has ${choices.length} choices where exactly ${count} are asked for.`);
  }
  return choices.map(({ id, reason }) => ({ id, reason: reason.trim().slice(0, MAX_REASON_LENGTH).toWellFormed() }));
}
