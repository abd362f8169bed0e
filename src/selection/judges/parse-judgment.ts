import { z } from 'zod';
import { ReplyError } from '../../domain/errors.ts';
import { extractJson } from '../../models/extract-json.ts';
import type { Criterion } from './criteria.ts';

/**
 * Structured replies keep the order of their fields. Whoever gives the reason first has thought before giving the
 * score; only where the score's own token is to be weighed must it come before a text that decides it.
 */
const reasonFirst = z.object({ reason: z.string(), score: z.number() });
const scoreFirst = z.object({ score: z.number(), reason: z.string() });

const FORMS = {
  reasonFirst: '{"reason": "…", "score": <number>}',
  scoreFirst: '{"score": <number>, "reason": "…"}',
} as const;
const MOST_REASON_CHARACTERS = 600;
/** "…" or a dash is no reason. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** What the LLM answers. Bounds are not part of it, since not every provider takes them: they are checked after. */
export function judgmentSchema(criterion: Criterion): typeof reasonFirst | typeof scoreFirst {
  return criterion.isWeighed ? scoreFirst : reasonFirst;
}

/**
 * Reads a reply strictly: a number on the criterion's scale (a whole one where it is weighed) and a reason, or nothing.
 * A number in quotes, "4/5" or a score without a reason is asked for again, never guessed at.
 * Source: AlpaGasus' reference code takes one character after the word "Score:"; DEITA's puts 3.0 where it finds none.
 * @returns the reason trimmed, 600 characters at most
 * @throws ReplyError saying what is wrong, in words the model can act on
 */
export function parseJudgment(text: string, criterion: Criterion): { readonly score: number; readonly reason: string } {
  const parsed = judgmentSchema(criterion).safeParse(extractJson(text));
  if (!parsed.success) {
    throw new ReplyError(`it is not of the form ${FORMS[criterion.isWeighed ? 'scoreFirst' : 'reasonFirst']}.`);
  }
  const { score, reason } = parsed.data;
  const { min, max } = criterion.scale;
  if (score < min || score > max) throw new ReplyError(`the score ${score} is not between ${min} and ${max}.`);
  if (criterion.isWeighed && !Number.isInteger(score)) {
    throw new ReplyError(`the score ${score} is not a whole number.`);
  }
  if (!SAYS_SOMETHING.test(reason)) throw new ReplyError('its reason says nothing.');
  return { score, reason: reason.trim().slice(0, MOST_REASON_CHARACTERS).toWellFormed() };
}
