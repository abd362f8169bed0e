import { z } from 'zod';
import { ReplyError } from '../../domain/errors.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import { readJsonReply } from '../../models/read-json-reply.ts';
import type { Criterion } from './criteria.ts';

/**
 * Structured replies keep the order of their fields. A model that gives the reason first thinks before it scores. The
 * score comes first only when the probabilities of its token are used, since a reason before it would decide it.
 */
const reasonFirst = z.object({ reason: z.string(), score: z.number() });
const scoreFirst = z.object({ score: z.number(), reason: z.string() });

const FORMS = {
  reasonFirst: '{"reason": "…", "score": <number>}',
  scoreFirst: '{"score": <number>, "reason": "…"}',
} as const;
const PLAIN_FORMS = { reasonFirst: '"<reason> | <score>"', scoreFirst: '"<score> | <reason>"' } as const;
/** With marks that models set around what they stress. */
const PLAIN_SCORE = /^[\s*_`"'<]*(-?\d+(?:\.\d+)?)[\s*_`"'>.]*$/;
const MOST_REASON_CHARACTERS = 600;
/** "…" or a dash is not a reason. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

interface Judgment {
  readonly score: number;
  readonly reason: string;
}

/** The form of the LLM's answer to a prompt of layout 1. */
export function judgmentSchema(criterion: Criterion): typeof reasonFirst | typeof scoreFirst {
  return criterion.isWeighed ? scoreFirst : reasonFirst;
}

/** The same with the criterion's scale, for servers that hold a model to it. */
export function boundedJudgmentSchema({ isWeighed, scale: { min, max } }: Criterion): z.ZodType {
  const reason = z.string();
  return isWeighed
    ? z.object({ score: z.int().min(min).max(max), reason })
    : z.object({ reason, score: z.number().min(min).max(max) });
}

/**
 * Reads a reply strictly: a number on the criterion's scale (a whole number where `isWeighed`) and a reason. A number in
 * quotes, "4/5" or a score without a reason is requested again, never guessed.
 * Source: AlpaGasus' reference code reads one character after the word "Score:"; DEITA's uses 3.0 when it finds none.
 * @returns the trimmed reason, 600 characters at most
 * @throws ReplyError with the problem, in words the model can act on
 */
export function parseJudgment(
  text: string,
  criterion: Criterion,
  { layout }: Pick<PromptTemplate, 'layout'>,
): Judgment {
  // Servers that hold a model to a schema answer in JSON.
  if (layout === 1 || /"score"|^\s*\{/.test(text)) {
    return readJsonReply(text, (value) => checked(readJson(value, criterion), criterion));
  }
  return checked(readPlain(text, criterion), criterion);
}

function readJson(value: unknown, criterion: Criterion): Judgment {
  const parsed = judgmentSchema(criterion).safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ReplyError(`it is not of the form ${FORMS[orderOf(criterion)]}.`);
}

/** A reason may have the sign that parts it from the score. */
function readPlain(text: string, criterion: Criterion): Judgment {
  const order = orderOf(criterion);
  const at = order === 'scoreFirst' ? text.indexOf('|') : text.lastIndexOf('|');
  const [before, after] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  const [reason, stated] = order === 'scoreFirst' ? [after, before] : [before, after];
  const score = PLAIN_SCORE.exec(stated)?.[1];
  if (at < 0 || score === undefined) throw new ReplyError(`it is not of the form ${PLAIN_FORMS[order]}.`);
  return { score: Number(score), reason };
}

function orderOf({ isWeighed }: Criterion): keyof typeof FORMS {
  return isWeighed ? 'scoreFirst' : 'reasonFirst';
}

/** @throws ReplyError */
function checked({ score, reason }: Judgment, criterion: Criterion): Judgment {
  const { min, max } = criterion.scale;
  if (score < min || score > max) throw new ReplyError(`the score ${score} is not between ${min} and ${max}.`);
  if (criterion.isWeighed && !Number.isInteger(score)) {
    throw new ReplyError(`the score ${score} is not a whole number.`);
  }
  if (!SAYS_SOMETHING.test(reason)) throw new ReplyError('its reason says nothing.');
  return { score, reason: reason.trim().slice(0, MOST_REASON_CHARACTERS).toWellFormed() };
}
