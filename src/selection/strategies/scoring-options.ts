import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { MeasureName } from '../measures/measure.ts';
import type { StrategyOptions } from './strategy.ts';
import { parseOptions } from './strategy-options.ts';

/** Who judges: the expert scorer or the offline stand-in, which run here and are free, or the LLM. */
export const JUDGE_KINDS = ['expert', 'offline', 'llm'] as const;
export type JudgeKind = (typeof JUDGE_KINDS)[number];

/** Options of every strategy that goes by scores. */
export const scoringOptions = {
  /** Absent: the LLM where there is one, else the expert scorer, or for instructions alone the offline judge. */
  judge: z.enum(JUDGE_KINDS, `must be one of ${JUDGE_KINDS.join(', ')}`).optional(),
  /** Take the score from this field of the record instead of judging. */
  scoreField: z.string('must be the name of a field').min(1, 'must be the name of a field').optional(),
  /** Path of an expert scorer of the user's own. */
  scorer: z.string('must be the path of a scorer').min(1, 'must be the path of a scorer').optional(),
  /** Have the LLM write the responses that are missing. */
  draft: z.boolean('must be true or false').optional(),
} as const;

export interface ScoringOptions {
  readonly judge?: JudgeKind;
  readonly scoreField?: string;
  readonly scorer?: string;
  readonly draft?: boolean;
  /** How many answers open-endedness is counted over. */
  readonly generations?: number;
}

/** The scoring options among a strategy's normalized options. */
export function scoringOf({ judge, scoreField, scorer, draft, generations }: StrategyOptions): ScoringOptions {
  return { judge, scoreField, scorer, draft, generations } as ScoringOptions;
}

/**
 * Checks the options of a strategy that goes by scores, as `parseOptions` does.
 * @throws UsageError also where a field has the scores and something is to make them
 */
export function parseScoringOptions<Schema extends z.ZodObject>(
  strategy: string,
  schema: Schema,
  options: StrategyOptions,
): z.output<Schema> {
  const parsed = parseOptions(strategy, schema, options);
  const { scoreField, judge, scorer, draft } = scoringOf(parsed as StrategyOptions);
  const { criterion } = parsed as StrategyOptions;
  if (scoreField !== undefined) checkFieldAlone({ judge, criterion, scorer, draft: draft || undefined });
  return parsed;
}

/** @param others what makes scores, by option; undefined where it is not given @throws UsageError where one is */
export function checkFieldAlone(others: Readonly<Record<string, unknown>>): void {
  const other = Object.keys(others).find((name) => others[name] !== undefined);
  if (other === undefined) return;
  throw new UsageError(
    sentence`${option('scoreField')} takes scores that are there already; it does not go with ${option(other)}.`,
    'Leave one of them out.',
  );
}

/** Where scores come from: a field of the record if one is named, else these measures. */
export function scoredBy(options: StrategyOptions, measures: readonly MeasureName[]): readonly MeasureName[] {
  return options.scoreField === undefined ? measures : ['field'];
}
