import pLimit from 'p-limit';
import { FilteredError, type ProviderError, ReplyError } from '../../../domain/errors.ts';
import type { Instruction } from '../../../domain/instruction.ts';
import type { Pick, Query, QueryChoice, QueryResult, SelectionJournal } from '../../../domain/selection.ts';
import { type StopReason, stoppedBy } from '../../../domain/stop-reason.ts';
import { mean } from '../../../math/statistics.ts';
import type { Answer, Asker, Question } from '../../../models/asker.ts';
import { type FailedQuery, failedQuery } from '../failed-query.ts';
import type { AskingResult } from '../strategy.ts';
import { choiceForm } from './choice-forms.ts';
import { chooseRequest, type PromptLayout } from './choose-request.ts';
import { mergeVotes, type Vote, voteAgreement } from './merge-votes.ts';
import type { PoolCoverage, QueryGains } from './pool-coverage.ts';

/**
 * Queries in progress per open request: enough to keep every request busy, and few enough that queries finish before
 * others start. A cap then leaves few queries half asked.
 */
const QUERIES_PER_REQUEST = 2;
/** After this many queries in a row without an answer from the provider, the rest is not tried. */
const PROVIDER_FAILURES_IN_A_ROW = 3;

export interface AskQueriesOptions {
  readonly instructions: readonly Instruction[];
  readonly asker: Asker;
  readonly journal: SelectionJournal;
  readonly layout: PromptLayout;
  readonly votes: number;
  readonly seed: number;
  /** For an asker that uses it; queries are then asked one after the other. */
  readonly coverage?: PoolCoverage | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onAnswered?: (done: number) => void;
}

export type AnsweredQuery = Query & { readonly choice: QueryChoice };

/**
 * Asks every query that has no result yet, in order, and stores each result at once. A reply that stays unusable fails
 * only its own query. A cap, an interrupt or a provider that cannot be used stops the rest; the choices made so far are
 * returned.
 */
export async function askQueries(
  queries: readonly Query[],
  options: AskQueriesOptions,
): Promise<{ answered: AnsweredQuery[]; asked: AskingResult }> {
  const limit = pLimit(options.coverage ? 1 : QUERIES_PER_REQUEST * options.asker.concurrency);
  const results = new Map<number, QueryResult>();
  const halt = new AbortController();
  let stopped: AskingResult['stopped'];
  let providerFailures = 0;
  const stop = (by: NonNullable<typeof stopped>['by'], error: Error) => {
    stopped ??= { by, error };
    halt.abort(error);
  };

  const errors = new Map<number, Error>();
  options.onAnswered?.(0);
  await Promise.all(
    queries.map((query) =>
      limit(async () => {
        const stored = options.journal.loadResult(query.number);
        if (!stored && stopped) return;
        try {
          const result =
            stored ?? (await askQuery(query, options, halt.signal, (error) => errors.set(query.number, error)));
          if (stored?.state === 'failed') noteRefusal(query, options, errors);
          if (!stored) options.journal.saveResult(query.number, result);
          results.set(query.number, result);
          if (result.state === 'chosen') {
            await options.coverage?.choose(result.choice.picks.map(({ position }) => position));
          }
          providerFailures = 0;
          options.onAnswered?.(results.size);
        } catch (error) {
          const reason = stopReason(error, options.signal);
          if (reason) stop(reason, error as Error);
          else {
            errors.set(query.number, error as Error);
            providerFailures += 1;
            if (providerFailures >= PROVIDER_FAILURES_IN_A_ROW) stop('provider', error as Error);
          }
        }
      }),
    ),
  );
  return summarize(queries, results, errors, stopped);
}

async function askQuery(
  query: Query,
  options: AskQueriesOptions,
  halt: AbortSignal,
  onFailed: (error: ReplyError) => void,
): Promise<QueryResult> {
  const gains = await options.coverage?.gainsOf(query.positions);
  const settled = await Promise.allSettled(
    Array.from({ length: options.votes }, (_, vote) => askVote(query, vote, { ...options, gains, halt })),
  );
  // Errors that stop the run come first: a query does not fail while a vote is unasked.
  const errors = settled.flatMap((vote) => (vote.status === 'rejected' ? [vote.reason as unknown] : []));
  const unexpected = errors.find((error) => !(error instanceof ReplyError));
  if (unexpected !== undefined) throw unexpected;
  if (errors.length > 0) {
    onFailed(errors[0] as ReplyError);
    return { state: 'failed', failure: (errors[0] as ReplyError).message };
  }

  const answers = settled.flatMap((vote) => (vote.status === 'fulfilled' ? [vote.value] : []));
  const votes = answers.map(({ value }) => value);
  const agreement = voteAgreement(votes);
  return {
    state: 'chosen',
    choice: {
      picks: mergeVotes(votes, query.picks),
      model: [...new Set(answers.map(({ model }) => model))].sort().join(', '),
      costMicroUsd: answers.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
      ...(agreement === undefined ? {} : { agreement }),
    },
  };
}

/** One vote. After a retry of failed queries, earlier generations come first: their usable replies are stored and free. */
async function askVote(
  query: Query,
  vote: number,
  options: AskQueriesOptions & { readonly gains: QueryGains | undefined; readonly halt: AbortSignal },
): Promise<Answer<Vote>> {
  const { asker, journal, gains, halt } = options;
  const last = journal.generation(query.number);
  let failedMicroUsd = 0;
  for (let generation = 0; ; generation += 1) {
    try {
      const answer = await asker.ask(voteQuestion(query, { vote, generation, gains }, options), halt);
      return { ...answer, costMicroUsd: answer.costMicroUsd + failedMicroUsd };
    } catch (error) {
      if (!(error instanceof ReplyError) || error instanceof FilteredError || generation === last) throw error;
      failedMicroUsd += error.costMicroUsd;
    }
  }
}

function voteQuestion(
  query: Query,
  which: { readonly vote: number; readonly generation: number; readonly gains: QueryGains | undefined },
  { instructions, layout, seed, votes }: AskQueriesOptions,
): Question<Vote> {
  const { request, positionOfId } = chooseRequest(instructions, query, { ...which, seed }, layout);
  const ids = new Set(positionOfId.keys());
  const form = choiceForm(layout.template);
  return {
    kind: 'choose',
    subject: `query ${query.number + 1}${votes > 1 ? `, vote ${which.vote + 1}` : ''}`,
    request,
    generation: which.generation,
    parse: (text) =>
      form.parse(text, ids, query.picks).map(({ id, reason }) => ({ position: positionOfId.get(id)!, reason })),
  };
}

/** Of a query that failed in an earlier run, finds out whether a content filter refused it: then there is other advice. */
function noteRefusal({ number, ...query }: Query, options: AskQueriesOptions, errors: Map<number, Error>): void {
  const { votes, asker, journal, coverage } = options;
  if (coverage) return;
  for (let generation = 0; generation <= journal.generation(number); generation += 1) {
    for (let vote = 0; vote < votes; vote += 1) {
      const question = voteQuestion({ number, ...query }, { vote, generation, gains: undefined }, options);
      const recalled = asker.recall(question);
      if (recalled.state === 'failed' && recalled.error instanceof FilteredError) errors.set(number, recalled.error);
    }
  }
}

function stopReason(error: unknown, signal?: AbortSignal): StopReason | undefined {
  const { by } = stoppedBy(error, signal);
  if (by !== 'provider') return by;
  // Invalid key, no permission, unknown model: the next query would fail too.
  return [401, 403, 404].includes((error as ProviderError).status ?? 0) ? 'provider' : undefined;
}

function summarize(
  queries: readonly Query[],
  results: ReadonlyMap<number, QueryResult>,
  errors: ReadonlyMap<number, Error>,
  stopped: AskingResult['stopped'],
): { answered: AnsweredQuery[]; asked: AskingResult } {
  const answered: AnsweredQuery[] = [];
  const failed: FailedQuery[] = [];
  for (const query of queries) {
    const result = results.get(query.number);
    if (result?.state === 'chosen') answered.push({ ...query, choice: result.choice });
    else {
      const error = errors.get(query.number);
      if (error && (result || !stopped)) failed.push(failedQuery(query.number, error));
      else if (result) failed.push({ query: query.number, failure: result.failure });
    }
  }
  const agreements = answered.flatMap(({ choice }) => (choice.agreement === undefined ? [] : [choice.agreement]));
  const agreement = mean(agreements);
  return {
    answered,
    asked: {
      queries: queries.length,
      chosen: answered.length,
      failed,
      unasked: queries.length - answered.length - failed.length,
      ...(stopped ? { stopped } : {}),
      ...(agreements.length > 0 ? { agreement } : {}),
    },
  };
}

/**
 * Orders the picks of all queries by score, so that the first choices of queries come first; ties by query, then by the
 * order within it. The picks of a query share its cost to the micro-dollar.
 * @param weightOf in (0, 1], by position: a factor of the score; absent: 1
 */
export function rankPicks(queries: readonly AnsweredQuery[], weightOf?: ReadonlyMap<number, number>): Pick[] {
  return queries
    .flatMap(({ number, positions, choice }) =>
      choice.picks.map((pick, index) => ({
        ...pick,
        reason: pick.reason || `Choice ${index + 1} of ${choice.picks.length} among ${positions.length} candidates`,
        score: pick.score * (weightOf?.get(pick.position) ?? 1),
        strategy: 'selectllm',
        query: number,
        model: choice.model,
        costMicroUsd: share(choice.costMicroUsd, choice.picks.length, index),
      })),
    )
    .sort((a, b) => b.score - a.score)
    .map((pick, index) => ({ ...pick, rank: index + 1 }));
}

/** The index-th of `parts` whole shares. The first shares carry the remainder. */
function share(amount: number, parts: number, index: number): number {
  return Math.floor(amount / parts) + (index < amount % parts ? 1 : 0);
}
