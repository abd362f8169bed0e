import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import type { Registry } from '../../domain/registry.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { JudgeKind } from '../judges/judge.ts';
import { JUDGES } from '../judges/registry.ts';
import type { MeasureName } from '../measures/measure.ts';
import type { MeasuredCandidate } from '../measures/measuring.ts';

/** Options of every strategy that uses scores. Those of the judges are added, see `optionsOf`. */
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
    .describe('take scores from this field of the records instead')
    .meta({ value: 'name' }),
  draft: z.boolean('must be true or false').optional().describe('have the LLM write missing responses'),
} as const;

/** The scoring options as a schema. */
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
 * @param options of a strategy that uses scores
 * @throws UsageError for an unknown judge, for an option of another judge, and for a score field together with an option
 * that makes scores
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
      sentence`${option(idle.name)} has no effect with the judge "${kind.name}".`,
      sentence`Use ${option('judge', idle.kind.name)}, or leave it out.`,
    );
  }
}

/** @param others options that make scores, by name; undefined if not given @throws UsageError when one is given */
export function checkFieldAlone(others: Readonly<Record<string, unknown>>): void {
  const other = Object.keys(others).find((name) => others[name] !== undefined);
  if (other === undefined) return;
  throw new UsageError(
    sentence`${option('scoreField')} uses existing scores, so it cannot be combined with ${option(other)}.`,
    'Leave one of them out.',
  );
}

/** The measures that give the scores: a field of the record if one is named, else these. */
export function scoredBy(
  options: Readonly<Record<string, unknown>>,
  measures: readonly MeasureName[],
): readonly MeasureName[] {
  return options.scoreField === undefined ? measures : ['field'];
}

/** "scores range from 0.00 to 0.99", for the first measure. @param measured at least one */
export function scoreSpan(measured: readonly MeasuredCandidate[]): string {
  const scores = measured.map(({ values }) => values[0]!);
  const low = scores.reduce((a, b) => Math.min(a, b));
  const high = scores.reduce((a, b) => Math.max(a, b));
  return low === high
    ? `all scores are ${formatted(low)}`
    : `scores range from ${formatted(low)} to ${formatted(high)}`;
}

/** A note for a hint when a threshold is the default. */
export function defaultNote(threshold: number, usual: number): string {
  return threshold === usual ? ` (${usual} is the default)` : '';
}

/** With enough decimals that a score just below a threshold does not look equal to it. */
function formatted(score: number): string {
  return score.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
}
