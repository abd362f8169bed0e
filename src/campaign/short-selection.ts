import { FILTERED_HINT } from '../domain/errors.ts';
import type { Stopped } from '../domain/stop-reason.ts';
import { WinnowError } from '../domain/winnow-error.ts';
import { command, option, sentence, type Wording } from '../domain/wording.ts';
import { isLacking } from '../selection/measures/response-source.ts';
import { failedQueryAdvice } from '../selection/strategies/failed-query.ts';
import type { MeasuringResult, Selection } from '../selection/strategies/strategy.ts';
import { GO_ON, type StepPaused } from './step-outcome.ts';

/** Explains a round that stopped before all were chosen. */
export function stoppedShort(stopped: Stopped, picked: number, count: number): StepPaused {
  const hint = (stopped.error instanceof WinnowError && stopped.error.wording.hint) || GO_ON;
  return {
    done: false,
    because: stopped.by,
    message: `${picked} of ${count} are chosen so far. ${stopped.error.message}`,
    hint,
  };
}

type FailedQueries = NonNullable<Selection['asked']>['failed'];

/** Explains a round that is short: by how many, why, and what to do about it. */
export function tooFewChosen(
  picked: number,
  count: number,
  queries: FailedQueries,
  measured: readonly MeasuringResult[],
): StepPaused {
  return {
    done: false,
    because: 'short',
    message: `${picked} of ${count} instructions are chosen, short by ${count - picked}.${whatFailed(queries, measured)}`,
    hint: sentence`${adviceFor(queries, measured)} To continue with fewer: ${command('next', option('goOn', true))}.`,
  };
}

/** A sentence about what failed; empty if nothing did. */
function whatFailed(queries: FailedQueries, measured: readonly MeasuringResult[]): string {
  const [first] = queries;
  if (first) return ` ${countOf(queries, 'query', 'queries')} failed (query ${first.query + 1}: ${first.failure})`;
  const failed = measured.flatMap((one) => one.failed);
  if (failed[0] === undefined) return '';
  return ` ${countOf(failed, 'candidate', 'candidates')} got no usable score (the first: ${failed[0].failure})`;
}

function countOf(all: readonly unknown[], one: string, many: string): string {
  return `${all.length} ${all.length === 1 ? one : many}`;
}

/** Asking again can fix unusable replies, but not records that lack something. */
function adviceFor(queries: FailedQueries, measured: readonly MeasuringResult[]): Wording {
  const failed = measured.flatMap(({ measure, failed }) => failed.map((item) => ({ ...item, measure })));
  const lacking = failed.filter(({ measure, failure }) => isLacking(measure, failure));
  const refused = failed.filter(({ isRefused }) => isRefused);
  if (queries.length > 0 || lacking.length + refused.length < failed.length || failed.length === 0)
    return failedQueryAdvice(
      queries,
      sentence`To ask again what failed: ${command('next', option('retryFailed', true))}.`,
    );
  if (refused.length > 0) return FILTERED_HINT;
  return lacking.some(({ measure }) => measure === 'field')
    ? sentence`Set ${option('scoreField')} to another field, or lower ${option('count')}.`
    : sentence`Have the LLM write the missing responses (${option('draft', true)}), or lower ${option('count')}.`;
}
