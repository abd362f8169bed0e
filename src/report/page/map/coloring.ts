import { ITEM_FATES, type MapField, type PoolMap } from '../../pool-figures.ts';
import { capitalize } from '../components/format.ts';
import { SYMBOLS } from './symbols.ts';

/** One color of the map and its meaning. */
export interface Group {
  readonly name: string;
  /** Name of a color in report.css. */
  readonly color: string;
  readonly items: number;
}

/** How points are colored: by groups, which can be hidden, or by a number. */
export type Coloring =
  | {
      readonly kind: 'groups';
      readonly title: string;
      readonly groups: readonly Group[];
      /** Index into `groups`, by point. */
      readonly groupOf: readonly number[];
    }
  | {
      readonly kind: 'ramp';
      readonly title: string;
      readonly low: number;
      readonly high: number;
      readonly values: readonly (number | null)[];
    };

/** An entry of the "Color by" menu. */
export interface ColorChoice {
  readonly key: string;
  readonly title: string;
  readonly coloring: (map: PoolMap) => Coloring;
}

/** All colors, with the one for other groups. */
const MOST_COLORS = 8;
const OTHER = 'series-7';
const COLORS = [1, 2, 3, 4, 5, 6, 8].map((number) => `series-${number}`);

/** Everything this map can be colored by. */
export function colorChoices(map: PoolMap): ColorChoice[] {
  const isPicked = map.round.some((round) => round > 0);
  const isScored = map.score.some((score) => score !== null);
  return [
    { key: 'fate', title: 'status', coloring: byFate },
    ...(isPicked ? [{ key: 'round', title: 'round', coloring: byRound }] : []),
    { key: 'cluster', title: 'cluster', coloring: byCluster },
    ...(isScored ? [{ key: 'score', title: 'score of the model’s answer', coloring: byScore }] : []),
    ...map.fields.map((field, index) => ({
      key: `field-${index}`,
      title: field.name,
      coloring: () => byField(field),
    })),
  ];
}

function byFate({ fate }: PoolMap): Coloring {
  return {
    kind: 'groups',
    title: 'Status',
    groups: ITEM_FATES.map((name, index) => ({
      name,
      color: SYMBOLS[name].color,
      items: fate.filter((one) => one === index).length,
    })),
    groupOf: fate,
  };
}

function byRound({ round }: PoolMap): Coloring {
  const last = Math.max(...round);
  if (last >= MOST_COLORS)
    return ramp(
      'Round',
      round.map((one) => (one === 0 ? null : one)),
    );
  const names = ['not picked', ...Array.from({ length: last }, (_, index) => `round ${index + 1}`)];
  return {
    kind: 'groups',
    title: 'Round',
    groups: names.map((name, index) => ({
      name,
      color: index === 0 ? OTHER : COLORS[index - 1]!,
      items: round.filter((one) => one === index).length,
    })),
    groupOf: round,
  };
}

function byCluster({ cluster, clusters }: PoolMap): Coloring {
  return grouped(
    'Cluster',
    clusters.map(({ name }) => name),
    cluster,
  );
}

function byScore({ score }: PoolMap): Coloring {
  return { kind: 'ramp', title: 'Score of the model’s answer', low: 1, high: 10, values: score };
}

function byField(field: MapField): Coloring {
  return field.kind === 'numbers'
    ? ramp(capitalize(field.name), field.of)
    : grouped(capitalize(field.name), field.values, field.of);
}

function ramp(title: string, values: readonly (number | null)[]): Coloring {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { kind: 'ramp', title, low, high: high > low ? high : low + 1, values };
}

/** The largest groups have their own colors; the others share one. Empty groups are left out. */
function grouped(title: string, names: readonly string[], of: readonly (number | null)[]): Coloring {
  const items = names.map(() => 0);
  let without = 0;
  for (const one of of) {
    if (one === null) without += 1;
    else items[one]! += 1;
  }
  const bySize = names.map((_, index) => index).sort((a, b) => items[b]! - items[a]! || a - b);
  const present = bySize.filter((index) => items[index]! > 0);
  const rankOf = new Map(present.map((index, rank) => [index, rank]));
  const groups: Group[] = present.map((index, rank) => ({
    name: names[index]!,
    color: COLORS[rank] ?? OTHER,
    items: items[index]!,
  }));
  if (without > 0) groups.push({ name: 'none', color: OTHER, items: without });
  return {
    kind: 'groups',
    title,
    groups,
    groupOf: of.map((one) => (one === null ? groups.length - 1 : rankOf.get(one)!)),
  };
}
