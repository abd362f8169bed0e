import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import { option, Sentence, sentence } from '../../domain/wording.ts';
import type { StrategyOptions } from './strategy.ts';

/**
 * Checks a strategy's options against its schema and fills in defaults.
 * @throws UsageError naming the option
 */
export function parseOptions<Schema extends z.ZodObject>(
  strategy: string,
  schema: Schema,
  options: StrategyOptions,
): z.output<Schema> {
  const parsed = schema.strict().safeParse(options);
  if (parsed.success) return parsed.data as z.output<Schema>;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key, index) => sentence`${index === 0 ? '' : ', '}${option(key)}`);
    throw new UsageError(
      sentence`The strategy "${strategy}" has no option ${new Sentence(names.flatMap(({ parts }) => parts))}.`,
    );
  }
  throw new UsageError(sentence`${option(String(issue.path[0]))} ${issue.message}.`);
}

/** Whole numbers from 1, also as a text, for option schemas. */
export const count = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .min(1, 'must be at least 1');

/** Finite numbers, also as a text. */
export const number = z.coerce.number('must be a number');

/** For strategies without options of their own. */
export function noOptions(strategy: string): (options: StrategyOptions) => StrategyOptions {
  return (options) => parseOptions(strategy, z.object({}), options);
}
