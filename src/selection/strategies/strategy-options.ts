import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import { nearestWord } from '../../domain/nearest-word.ts';
import type { OptionMeta, OptionsSchema } from '../../domain/options.ts';
import type { Registry } from '../../domain/registry.ts';
import { option, type Sentence, sentence } from '../../domain/wording.ts';
import { FIRST_EDITION } from '../../models/prompt-template.ts';
import type { JudgeKind } from '../judges/judge.ts';
import { JUDGES } from '../judges/registry.ts';
import { checkScoring } from './scoring-options.ts';
import type { Strategy, StrategyOptions } from './strategy.ts';

/** Whole numbers from 1, also as text, for option schemas. */
export const count = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .min(1, 'must be at least 1');

/** Finite numbers, also as text. */
export const number = z.coerce.number('must be a number');

/** One of several words. */
export function choice<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, `must be one of ${words.join(', ')}`);
}

/** Every option of a strategy: its own and, if it uses a judge's scores, those of the judges. */
export function optionsOf(strategy: Strategy, judges: Registry<JudgeKind> = JUDGES): OptionsSchema {
  if (!takesScores(strategy)) return strategy.options;
  // A hash of the options, in this order, identifies a run.
  const fields = Object.entries(strategy.options.shape).flatMap(([name, field]) =>
    name === 'scoreField'
      ? [[name, field], ...[...judges].flatMap(({ options }) => Object.entries(options.shape))]
      : [[name, field]],
  );
  return z.object(Object.fromEntries(fields));
}

/** Whether a judge or a field of the records scores its candidates. */
export function takesScores({ options }: Strategy): boolean {
  return 'judge' in options.shape;
}

/**
 * Checks a strategy's options and fills in defaults.
 * @throws UsageError for unknown options, invalid values, and options that contradict each other
 */
export function normalizeOptions(
  strategy: Strategy,
  given: StrategyOptions,
  judges: Registry<JudgeKind> = JUDGES,
): StrategyOptions {
  const schema = optionsOf(strategy, judges);
  const parsed = schema.strict().safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    if (issue.code === 'unrecognized_keys')
      throw unknownOption(strategy.name, issue.keys[0]!, Object.keys(schema.shape));
    throw new UsageError(sentence`${option(String(issue.path[0]))} ${issue.message}.`);
  }
  const options = parsed.data as StrategyOptions;
  if (takesScores(strategy)) checkScoring(options, judges);
  strategy.checkOptions?.(options);
  return options;
}

/**
 * The options that decide what is chosen, as a run's identity has them.
 * @param given normalized
 * @param edition of the prompts: runs of the first have defaults that the options no longer have
 */
export function identityOptions(strategy: Strategy, given: StrategyOptions, edition: number): StrategyOptions {
  const { shape } = strategy.options;
  const deciding = Object.fromEntries(
    Object.entries(given).filter(([name]) => (shape[name]?.meta() as OptionMeta | undefined)?.explains !== true),
  );
  if (edition !== FIRST_EDITION || strategy.earlierDefaults === undefined) return deciding;
  return normalizeOptions(strategy, { ...strategy.earlierDefaults, ...deciding });
}

function unknownOption(strategy: string, name: string, known: readonly string[]): UsageError {
  const nearest = nearestWord(name, known);
  return new UsageError(
    sentence`The strategy "${strategy}" has no option ${option(name)}.`,
    nearest === undefined ? listed(known) : sentence`Did you mean ${option(nearest)}?`,
  );
}

function listed(names: readonly string[]): Sentence {
  if (names.length === 0) return sentence`It has no options.`;
  const list = names
    .slice(1)
    .reduce((before, name) => sentence`${before}, ${option(name)}`, sentence`${option(names[0]!)}`);
  return sentence`Its options: ${list}.`;
}
