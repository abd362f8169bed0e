import { equalTo, greaterEq, lessEq, solve } from 'yalps';
import { NotEnoughError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { countsByShare } from '../strategies/mix/parse-mix.ts';
import { type Constraints, fieldValue, type Quota } from './constraints.ts';

/** Candidates that count alike for every quota and minimum. */
export interface Cell {
  /** "language en, topic billing" */
  readonly name: string;
  readonly positions: readonly number[];
  readonly count: number;
}

/** How many are wanted, by a quota or a minimum. */
interface Demand {
  readonly name: string;
  readonly matches: (position: number) => boolean;
  readonly count: number;
  readonly kind: 'exactly' | 'at least';
}

/**
 * Says how many are picked of each part of the candidates, so that quotas and minimums hold; beyond them, in proportion to
 * the size of the parts, as far as they allow.
 * @param capacityOf how many of some positions may be picked at most
 * @param fixed positions that are picked anyway; they count for the quotas
 * @returns parts with a count above 0, by their first position
 * @throws NotEnoughError that says with numbers what cannot be had
 */
export function allocate(
  positions: readonly number[],
  instructions: readonly Instruction[],
  count: number,
  { quotas, atLeast, atMost }: Constraints,
  { fixed, capacityOf }: { fixed: readonly number[]; capacityOf: (positions: readonly number[]) => number },
): Cell[] {
  const has = (field: string, value: string) => (position: number) =>
    fieldValue(instructions[position]!, field) === value;
  const all = count + fixed.length;
  const demands: Demand[] = [
    ...quotas.flatMap((quota) => demandsOf(quota, all, has)),
    ...atLeast.map(
      ({ field, value, count: least }): Demand => ({
        ...{ name: `${field} ${value}`, matches: has(field, value), kind: 'at least', count: least },
      }),
    ),
  ].map((demand) => ({ ...demand, count: demand.count - fixed.filter(demand.matches).length }));
  const cells = new Map<string, number[]>();
  for (const position of positions) {
    const key = demands.map(({ matches }) => (matches(position) ? 1 : 0)).join('');
    const members = cells.get(key);
    if (members) members.push(position);
    else cells.set(key, [position]);
  }
  const parts = [...cells].map(([key, members]) => ({ key, members, capacity: capacityOf(members) }));
  for (const [index, demand] of demands.entries()) {
    const available = parts.reduce((sum, { key, capacity }) => sum + (key[index] === '1' ? capacity : 0), 0);
    if (demand.count > available) throw impossible(demand, available);
    if (demand.count < 0 && demand.kind === 'exactly') {
      throw new NotEnoughError(
        `The items that must be included have ${-demand.count} more with ${demand.name} than its quota.`,
        'Raise the quota, or leave some of them out.',
      );
    }
  }
  const total = parts.reduce((sum, { capacity }) => sum + capacity, 0);
  if (total < count) {
    const limits = atMost.map(({ field, count: most }) => `at most ${most} per ${field}`).join(' and ');
    throw new NotEnoughError(
      `Asked for ${all} instructions but only ${total + fixed.length} can be picked${limits && ` with ${limits}`}.`,
      'Raise the limits for each value, lower the number to pick, or add to the pool.',
      total + fixed.length,
    );
  }
  const counts = solveCounts(parts, demands, count);
  if (counts === undefined) throw contradiction(parts, demands, count);
  return parts.flatMap(({ key, members }, index) => {
    const names = demands.flatMap(({ name }, demand) => (key[demand] === '1' ? [name] : []));
    return counts[index] === 0
      ? []
      : [{ name: names.join(', ') || 'others', positions: members, count: counts[index]! }];
  });
}

interface Part {
  /** Of each demand, whether its items count for it: 1 or 0. */
  readonly key: string;
  readonly members: readonly number[];
  readonly capacity: number;
}

function demandsOf(
  { field, parts }: Quota,
  count: number,
  has: (field: string, value: string) => Demand['matches'],
): Demand[] {
  const shares = parts.filter(({ isShare }) => isShare);
  const rest = 1 - shares.reduce((sum, { amount }) => sum + amount, 0);
  const rounded = countsByShare([...shares.map(({ amount }) => amount), Math.max(0, rest)], count);
  return parts.map((part) => ({
    name: `${field} ${part.value}`,
    matches: has(field, part.value),
    kind: 'exactly',
    count: part.isShare ? rounded[shares.indexOf(part)]! : part.amount,
  }));
}

/** Whole numbers nearest to proportional ones. O(parts³) for the few parts there are. Source: linear programming by YALPS. */
function solveCounts(parts: readonly Part[], demands: readonly Demand[], count: number): number[] | undefined {
  const total = parts.reduce((sum, { capacity }) => sum + capacity, 0);
  const constraints: Record<string, ReturnType<typeof equalTo>> = { all: equalTo(count) };
  for (const [index, { kind, count: wanted }] of demands.entries()) {
    constraints[`demand ${index}`] = kind === 'exactly' ? equalTo(wanted) : greaterEq(wanted);
  }
  const variables: Record<string, Record<string, number>> = {};
  for (const [index, { key, capacity }] of parts.entries()) {
    const share = (count * capacity) / total;
    constraints[`most ${index}`] = lessEq(capacity);
    // How far the count is above and below its proportional share.
    constraints[`above ${index}`] = lessEq(share);
    constraints[`below ${index}`] = greaterEq(share);
    variables[`count ${index}`] = {
      ...{ all: 1, [`most ${index}`]: 1, [`above ${index}`]: 1, [`below ${index}`]: 1 },
      ...Object.fromEntries([...key].flatMap((own, demand) => (own === '1' ? [[`demand ${demand}`, 1]] : []))),
    };
    variables[`over ${index}`] = { [`above ${index}`]: -1, distance: 1 };
    variables[`under ${index}`] = { [`below ${index}`]: 1, distance: 1 };
  }
  const integers = parts.map((_, index) => `count ${index}`);
  const solution = solve(
    { direction: 'minimize', objective: 'distance', constraints, variables, integers },
    { includeZeroVariables: true, tolerance: 0, timeout: 5_000 },
  );
  if (solution.status !== 'optimal') return undefined;
  const values = new Map(solution.variables);
  return integers.map((name) => Math.round(values.get(name) ?? 0));
}

function impossible({ name, count, kind }: Demand, available: number): NotEnoughError {
  return new NotEnoughError(
    `${kind === 'exactly' ? 'The quota asks for' : 'The minimum asks for at least'} ${count} items with ${name}, but only ${available} can be picked.`,
    'Lower it, pick fewer, or add such items to the pool.',
    available,
  );
}

function contradiction(parts: readonly Part[], demands: readonly Demand[], count: number): NotEnoughError {
  const wanted = demands.map(({ name, count: amount, kind }, index) => {
    const available = parts.reduce((sum, { key, capacity }) => sum + (key[index] === '1' ? capacity : 0), 0);
    return `${kind} ${amount} with ${name} (${available} available)`;
  });
  return new NotEnoughError(
    `These limits cannot hold together for ${count} items: ${wanted.join('; ')}.`,
    'Relax one of them. Items count for every limit they match.',
  );
}
