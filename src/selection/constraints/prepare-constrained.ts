import { NotEnoughError } from '../../domain/errors.ts';
import type { Pick, SelectionJournal } from '../../domain/selection.ts';
import { stackRows, takeRows } from '../../math/embedding-matrix.ts';
import type {
  AskingPlan,
  AskingResult,
  PreparedSelection,
  Selection,
  Strategy,
  StrategyContext,
} from '../strategies/strategy.ts';
import { takeInTurn } from '../strategies/task-diversity.ts';
import { allocate, type Cell } from './allocate.ts';
import { type Constraints, fieldValue, type Limits, limitsPicks } from './constraints.ts';
import { leaveFew } from './group-slots.ts';

/** Queries of each part have numbers of their own. */
const QUERIES_PER_CELL = 1_000_000;

/**
 * Has any strategy choose within limits. The candidates are split into parts that count alike for quotas and minimums; the
 * strategy chooses the part's count from each, and the picks are merged so that every beginning has nearly the shares. For
 * "at most n of each", n of each value are drawn first, so that no choice can break the limit. What must be included comes
 * first and counts as labeled. Near-duplicates of candidates are not picked in their place.
 * @throws NotEnoughError that says with numbers what cannot be had
 */
export async function prepareConstrained(
  strategy: Strategy,
  context: StrategyContext,
  { constraints, fixed, taken }: Limits,
): Promise<PreparedSelection> {
  if (!limitsPicks(constraints)) return strategy.prepare(context);
  const { instructions, embeddings, seed } = context;
  const included = fixed.slice(0, context.count);
  const isClosed = new Set(included);
  for (const [leader, copies] of context.copies ?? []) {
    if (copies.some((copy) => isClosed.has(copy))) isClosed.add(leader);
  }
  const candidates = context.candidates.filter((position) => !isClosed.has(position));
  const count = context.count - included.length;
  const picksOf = included.map(
    (position, index): Pick => ({
      ...{ position, rank: index + 1, score: null, reason: 'Must be included', strategy: strategy.name },
      ...{ query: null, model: null, costMicroUsd: 0 },
    }),
  );
  if (count === 0) return { plan: { notes: [] }, select: async () => ({ picks: picksOf }) };

  const group = (field: string) => (position: number) => fieldValue(instructions[position]!, field);
  const usedOf = (field: string) => countBy([...taken, ...included], group(field));
  const capacityOf = (positions: readonly number[]) =>
    Math.min(positions.length, ...constraints.atMost.map((limit) => capacityWithin(positions, limit, group, usedOf)));
  const cells = leaveFew(
    allocate(candidates, instructions, count, constraints, { fixed: included, capacityOf }),
    constraints.atMost.map((limit) => ({ limit, groupOf: group(limit.field), used: usedOf(limit.field) })),
    seed,
  );
  const labeled =
    embeddings.columns === 0
      ? context.labeled
      : stackRows([context.labeled, takeRows(embeddings, included)], embeddings.columns);
  const prepared: PreparedSelection[] = [];
  for (const [index, cell] of cells.entries()) {
    prepared.push(await strategy.prepare(contextOf({ ...context, labeled }, cell, index)));
  }
  return {
    plan: {
      notes: [...new Set(prepared.flatMap(({ plan }) => plan.notes))],
      ...joinedAsking(prepared.flatMap(({ plan }) => plan.asking ?? [])),
      ...joined(
        'measuring',
        prepared.flatMap(({ plan }) => plan.measuring ?? []),
      ),
    },
    select: () => selectCells(cells, prepared, picksOf),
  };
}

function contextOf(context: StrategyContext, { positions, count }: Cell, index: number): StrategyContext {
  const rows = new Map(context.candidates.map((position, row) => [position, row]));
  const { copies: _, weights, minutes, ...rest } = context;
  const own = (values: Float64Array) => Float64Array.from(positions, (position) => values[rows.get(position)!]!);
  return {
    ...rest,
    ...{ candidates: positions, count },
    ...(weights ? { weights: own(weights) } : {}),
    ...(minutes ? { minutes: own(minutes) } : {}),
    journal: journalOf(context.journal, index),
  };
}

async function selectCells(
  cells: readonly Cell[],
  prepared: readonly PreparedSelection[],
  included: readonly Pick[],
): Promise<Selection> {
  const selections: Selection[] = [];
  for (const one of prepared) {
    const selection = await one.select();
    selections.push(selection);
    // The others would ask on where a budget or a person ended it.
    if (selection.asked?.stopped || selection.measured?.some(({ stopped }) => stopped)) break;
  }
  const picks = selections.map((selection, index) =>
    selection.picks.map((pick) => ({
      ...pick,
      query: pick.query === null ? null : pick.query + index * QUERIES_PER_CELL,
    })),
  );
  const byPosition = new Map(picks.flat().map((pick) => [pick.position, pick]));
  const queues = picks.map((own, index) => ({
    ...{ name: cells[index]!.name, size: own.length, weight: cells[index]!.count },
    positions: own.map(({ position }) => position),
  }));
  const merged = takeInTurn(queues, byPosition.size).map(({ position }) => byPosition.get(position)!);
  const asked = selections.flatMap((selection) => selection.asked ?? []);
  const isStopped = selections.some(
    ({ asked: one, measured }) => one?.stopped || measured?.some(({ stopped }) => stopped),
  );
  return {
    picks:
      isStopped && merged.length === 0
        ? []
        : [...included, ...merged].map((pick, index) => ({ ...pick, rank: index + 1 })),
    ...(asked.length > 0 ? { asked: joinedAsked(asked) } : {}),
    ...joined(
      'measured',
      selections.flatMap(({ measured }) => measured ?? []),
    ),
  };
}

function joined<Name extends string, T>(name: Name, list: readonly T[]): { [Key in Name]?: readonly T[] } {
  return (list.length > 0 ? { [name]: list } : {}) as { [Key in Name]?: readonly T[] };
}

function joinedAsking(plans: readonly AskingPlan[]): { asking?: AskingPlan } {
  const [first] = plans;
  if (first === undefined) return {};
  const sum = (of: (plan: AskingPlan) => number) => plans.reduce((total, plan) => total + of(plan), 0);
  const range = (of: (plan: AskingPlan) => { expected: number; worstCase: number }) => ({
    expected: sum((plan) => of(plan).expected),
    worstCase: sum((plan) => of(plan).worstCase),
  });
  const span = (of: (plan: AskingPlan) => readonly [number, number]): [number, number] => [
    Math.min(...plans.map((plan) => of(plan)[0])),
    Math.max(...plans.map((plan) => of(plan)[1])),
  ];
  const queries = sum((plan) => plan.queries);
  return {
    asking: {
      ...first,
      queries,
      itemsPerQuery: span((plan) => plan.itemsPerQuery),
      picksPerQuery: span((plan) => plan.picksPerQuery),
      inputTokensPerQuery: {
        mean: Math.round(sum((plan) => plan.inputTokensPerQuery.mean * plan.queries) / Math.max(1, queries)),
        max: Math.max(...plans.map((plan) => plan.inputTokensPerQuery.max)),
      },
      queriesAnswered: sum((plan) => plan.queriesAnswered),
      ...{ calls: range((plan) => plan.calls), tokens: range((plan) => plan.tokens) },
      costMicroUsd: range((plan) => plan.costMicroUsd),
    },
  };
}

function joinedAsked(results: readonly AskingResult[]): AskingResult {
  const sum = (of: (result: AskingResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const stopped = results.find((result) => result.stopped)?.stopped;
  const agreements = results.flatMap(({ agreement, chosen }) =>
    agreement === undefined ? [] : [{ agreement, chosen }],
  );
  const weight = agreements.reduce((total, { chosen }) => total + chosen, 0);
  return {
    queries: sum(({ queries }) => queries),
    chosen: sum(({ chosen }) => chosen),
    failed: results.flatMap(({ failed }) => failed),
    unasked: sum(({ unasked }) => unasked),
    ...(stopped ? { stopped } : {}),
    ...(weight > 0
      ? { agreement: agreements.reduce((total, one) => total + one.agreement * one.chosen, 0) / weight }
      : {}),
  };
}

function capacityWithin(
  positions: readonly number[],
  { field, count }: Constraints['atMost'][number],
  group: (field: string) => (position: number) => string | undefined,
  usedOf: (field: string) => ReadonlyMap<string, number>,
): number {
  const used = usedOf(field);
  const sizes = countBy(positions, group(field));
  const grouped = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const within = [...sizes].reduce(
    (sum, [name, size]) => sum + Math.min(size, Math.max(0, count - (used.get(name) ?? 0))),
    0,
  );
  return positions.length - grouped + within;
}

function countBy(positions: readonly number[], nameOf: (position: number) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const position of positions) {
    const name = nameOf(position);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** A part's share of a journal. */
function journalOf(journal: SelectionJournal, cell: number): SelectionJournal {
  const first = cell * QUERIES_PER_CELL;
  const isOwn = (number: number) => number >= first && number < first + QUERIES_PER_CELL;
  return {
    loadQueries: () => {
      const own = journal.loadQueries()?.filter(({ number }) => isOwn(number));
      return own === undefined || own.length === 0
        ? undefined
        : own.map((one) => ({ ...one, number: one.number - first }));
    },
    saveQueries: (queries) => journal.saveQueries(queries.map((one) => ({ ...one, number: one.number + first }))),
    loadResult: (query) => journal.loadResult(query + first),
    saveResult: (query, result) => journal.saveResult(query + first, result),
    generation: (query) => journal.generation(query + first),
    retries: () => journal.retries(),
  };
}

/** Finds the items that must be included. @param positionOf by id @throws NotEnoughError for an id that cannot be picked */
export function fixedPositions(
  ids: readonly string[],
  positionOf: (id: string) => number | undefined,
  canBePicked: (position: number) => boolean,
): number[] {
  return [...new Set(ids)].map((id) => {
    const position = positionOf(id);
    if (position !== undefined && canBePicked(position)) return position;
    const why = position === undefined ? 'is not in the pool' : 'cannot be picked: it is labeled, held out or excluded';
    throw new NotEnoughError(
      `"${id}" must be included but ${why}.`,
      'Leave it out of the list, or change what excludes it.',
    );
  });
}
