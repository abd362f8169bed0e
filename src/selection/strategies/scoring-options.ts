import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import type { Registry } from '../../domain/registry.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { JudgeKind } from '../judges/judge.ts';
import { JUDGES } from '../judges/registry.ts';
import type { MeasureName } from '../measures/measure.ts';
import type { MeasuredCandidate } from '../measures/measuring.ts';

/** Options of every strategy that goes by scores. Those of the judges come on top, see `optionsOf`. */
export const scoringOptions = {
  judge: z
    .string('must be the name of a judge')
    .optional()
    .describe(`who scores: ${[...JUDGES].map(({ name, summary }) => `${name} (${summary})`).join(', ')}`)
    .meta({
      value: 'kind',
      defaultWords: 'llm with a provider, else expert for responses and offline for the rest',
      examples: JUDGES.names,
    }),
  scoreField: z
    .string('must be the name of a field')
    .min(1, 'must be the name of a field')
    .optional()
    .describe('take the score from this field of the records instead')
    .meta({ value: 'name' }),
  draft: z.boolean('must be true or false').optional().describe('have the LLM write the responses that are missing'),
} as const;

/** The same as a schema of their own. */
export const scoringSchema = z.object(scoringOptions);

export interface ScoringOptions {
  readonly judge?: string;
  readonly scoreField?: string;
  readonly draft?: boolean;
}

/** The scoring options among a strategy's normalized options. */
export function scoringOf({ judge, scoreField, draft }: Readonly<Record<string, unknown>>): ScoringOptions {
  return { judge, scoreField, draft } as ScoringOptions;
}

/**
 * @param options of a strategy that goes by scores
 * @throws UsageError for an unknown judge; for an option of another judge; where a field has the scores and something
 * is to make them
 */
export function checkScoring(options: Readonly<Record<string, unknown>>, judges: Registry<JudgeKind>): void {
  const { judge, scoreField, draft } = scoringOf(options);
  const kind = judge === undefined ? undefined : judges.find(judge);
  const ofJudges = [...judges].flatMap((one) => Object.keys(one.options.shape).map((name) => ({ name, kind: one })));
  const given = ofJudges.filter(({ name }) => options[name] !== undefined);
  if (scoreField !== undefined) {
    checkFieldAlone({
      judge,
      ...Object.fromEntries(given.map(({ name }) => [name, options[name]])),
      draft: draft || undefined,
    });
  }
  const idle = kind && given.find(({ name }) => !(name in kind.options.shape));
  if (idle) {
    throw new UsageError(
      sentence`${option(idle.name)} does nothing for the judge "${kind.name}".`,
      sentence`Use ${option('judge', idle.kind.name)}, or leave it out.`,
    );
  }
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
export function scoredBy(
  options: Readonly<Record<string, unknown>>,
  measures: readonly MeasureName[],
): readonly MeasureName[] {
  return options.scoreField === undefined ? measures : ['field'];
}

/** "scores run from 0.00 to 0.99", of the first measure. @param measured one at least */
export function scoreSpan(measured: readonly MeasuredCandidate[]): string {
  const scores = measured.map(({ values }) => values[0]!);
  const low = scores.reduce((a, b) => Math.min(a, b));
  const high = scores.reduce((a, b) => Math.max(a, b));
  return low === high ? `all scores are ${words(low)}` : `scores run from ${words(low)} to ${words(high)}`;
}

/** What a threshold nobody chose is called in a hint. */
export function defaultWords(threshold: number, usual: number): string {
  return threshold === usual ? ` (${usual} is the default)` : '';
}

/** So many decimals that a score just below a threshold does not read as if it reached it. */
function words(score: number): string {
  return score.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
}
