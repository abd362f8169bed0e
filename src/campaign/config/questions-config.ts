import { z } from 'zod';
import { text } from '../../domain/option-values.ts';

/** These name other things in labels and annotation tools. */
const RESERVED = ['response', 'verdict', 'prompt', 'note', 'comment', 'chat', 'instruction', 'input', 'doubtful'];
const SEPARATOR = '|';

const name = z
  .string()
  .refine(
    (given) => /^[a-z][a-z0-9_-]{0,39}$/.test(given),
    'must be a small letter and up to 39 small letters, digits, - or _',
  )
  .refine((given) => !RESERVED.includes(given.toLowerCase()), 'names something else in labels')
  .describe('its key in labels and exports');
const ask = text.optional().describe('the question in words; by default its name');
const optional = z.boolean().default(false).describe('whether an answered item needs an answer to it');
const required = z.boolean().default(true).describe('whether an answered item needs an answer to it');
const option = text.refine((given) => !given.includes(SEPARATOR), `must not contain "${SEPARATOR}"`);
const options = z
  .array(option)
  .min(2)
  .max(50)
  .refine((all) => new Set(all).size === all.length, 'must differ');
const PLACES = '"instruction", "input", "model" (the answer to correct), or a field of the records';

const question = z.discriminatedUnion('kind', [
  z.strictObject({
    name,
    kind: z.literal('rating').describe('a whole number'),
    ask,
    required,
    from: z.int().min(0).max(9).default(1).describe('lowest rating'),
    to: z.int().min(1).max(10).default(5).describe('highest rating'),
  }),
  z.strictObject({ name, kind: z.literal('choice').describe('one of the options'), ask, required, options }),
  z.strictObject({ name, kind: z.literal('choices').describe('any of the options'), ask, required: optional, options }),
  z.strictObject({
    name,
    kind: z.literal('ranking').describe('answers to put in order, the best first'),
    ask,
    required,
    of: z
      .array(text)
      .min(2)
      .max(9)
      .refine((all) => new Set(all).size === all.length, 'must differ')
      .describe(`where the answers are: ${PLACES}; asked where an item has two or more`),
  }),
  z.strictObject({
    name,
    kind: z.literal('span').describe('parts of a text to mark'),
    ask,
    required: optional,
    of: text.default('model').describe(`the text: ${PLACES}; asked where an item has it`),
    labels: z
      .array(option)
      .min(1)
      .max(9)
      .refine((all) => new Set(all).size === all.length, 'must differ')
      .describe('what parts can be marked as'),
  }),
  z.strictObject({ name, kind: z.literal('text').describe('a free note'), ask, required: optional }),
]);
/** A question of winnow.yaml. */
export type QuestionRule = Readonly<z.output<typeof question>>;

/** `labels.questions`. */
export const questions = z
  .array(question)
  .max(30)
  .default([])
  .describe('what people are asked about each item beside the response')
  .superRefine((all, context) => {
    for (const [index, one] of all.entries()) {
      if (all.findIndex((other) => other.name === one.name) < index) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'names an earlier question too' });
      }
      if (one.kind === 'rating' && one.from >= one.to) {
        context.addIssue({ code: 'custom', path: [index, 'to'], message: 'must be greater than from' });
      }
    }
  });

/** The fields of records that questions name. */
export function questionFields(rules: readonly QuestionRule[]): string[] {
  const places = rules.flatMap((rule) => (rule.kind === 'ranking' ? rule.of : rule.kind === 'span' ? [rule.of] : []));
  return places.filter((place) => !['instruction', 'input', 'model'].includes(place));
}
