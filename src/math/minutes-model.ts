import { mean } from './statistics.ts';

/** How long one person took for one item. */
export interface TimedItem {
  readonly person: string;
  readonly minutes: number;
  /** In characters. */
  readonly length: number;
}

/** Minutes of an item: intercept + slope · log(1 + length). */
export interface MinutesLine {
  readonly intercept: number;
  readonly slope: number;
}

/** How long items take, by person and for all together. */
export interface MinutesModel {
  readonly everyone: MinutesLine;
  readonly byPerson: ReadonlyMap<string, MinutesLine>;
  /** How many times it is learned from. */
  readonly count: number;
}

/** A person's own line counts as much as that of all people once it is learned from so many items. */
const AS_GOOD_AS_ALL = 10;
/** A line needs two points, and a few more to be of use. */
const FEWEST_ITEMS = 5;
/** No item takes less. */
const FEWEST_MINUTES = 0.05;

/**
 * Learns how long items take: for all people one line over the logarithm of the length, by least squares, and for each
 * person their own, drawn towards it where they have done little. Longer items never take less. O(n).
 * Source: Settles, Craven & Friedland 2008, Active Learning with Real Annotation Costs; shrinkage as in Efron & Morris 1975.
 * @returns undefined with too few items to learn from
 */
export function learnMinutes(items: readonly TimedItem[]): MinutesModel | undefined {
  if (items.length < FEWEST_ITEMS) return undefined;
  const everyone = lineOf(items);
  const people = new Map<string, TimedItem[]>();
  for (const item of items) people.set(item.person, [...(people.get(item.person) ?? []), item]);
  const byPerson = new Map(
    [...people].map(([person, own]) => {
      const line = own.length < FEWEST_ITEMS ? shifted(everyone, own) : lineOf(own);
      const weight = own.length / (own.length + AS_GOOD_AS_ALL);
      const between = (key: keyof MinutesLine) => weight * line[key] + (1 - weight) * everyone[key];
      return [person, { intercept: between('intercept'), slope: between('slope') }] as const;
    }),
  );
  return { everyone, byPerson, count: items.length };
}

/** Expected minutes of an item of a length: of one person, or on average over the people who have worked. */
export function expectedMinutes({ everyone, byPerson }: MinutesModel, length: number, person?: string): number {
  const line = person === undefined ? everyone : (byPerson.get(person) ?? everyone);
  return Math.max(FEWEST_MINUTES, line.intercept + line.slope * Math.log(1 + length));
}

function lineOf(items: readonly TimedItem[]): MinutesLine {
  const x = items.map(({ length }) => Math.log(1 + length));
  const y = items.map(({ minutes }) => minutes);
  const [middleX, middleY] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - middleX) ** 2, 0);
  const product = x.reduce((sum, value, row) => sum + (value - middleX) * (y[row]! - middleY), 0);
  const slope = spread === 0 ? 0 : Math.max(0, product / spread);
  return { intercept: middleY - slope * middleX, slope };
}

/** The slope of all people, with the person's own mean. */
function shifted({ slope }: MinutesLine, own: readonly TimedItem[]): MinutesLine {
  const x = mean(own.map(({ length }) => Math.log(1 + length)));
  return { intercept: mean(own.map(({ minutes }) => minutes)) - slope * x, slope };
}
