import { z } from 'zod';
import { parseUsd } from './money.ts';
import type { ModelPrice } from './usage.ts';

/**
 * Dollars as YAML gives them: 2.5 or "2.50". A number of at most 15 digits (readYaml refuses longer ones) is
 * written back digit by digit by String, so the amount never becomes a fraction of a float.
 */
export const usd = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const amount = parseUsd(String(value));
    if (amount !== undefined) return amount;
    context.addIssue({ code: 'invalid_format', format: 'usd' });
    return z.NEVER;
  })
  .meta({ format: 'usd', minimum: 0, pattern: '^\\s*\\$?\\d{1,9}(\\.\\d{1,6})?\\s*$' });

export const text = z.string().min(1);
export const count = z.int().min(1);
export const share = z.number().min(0).max(1);

export const webAddress = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?@]/.test(url), 'must hold no user name, password or query: keys come from the environment');

export const price = z
  .strictObject({
    input: usd.describe('US dollars per million input tokens'),
    output: usd.describe('US dollars per million output tokens'),
    cachedInput: usd
      .optional()
      .describe('US dollars per million input tokens served from a cache; by default as much as others'),
  })
  .transform((given): ModelPrice => ({ ...given, cachedInput: given.cachedInput ?? given.input }))
  .describe('for models the price table does not know');
