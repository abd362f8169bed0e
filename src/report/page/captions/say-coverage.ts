import type { CoverageFigures, CoveragePoint, RandomCoveragePoint, Spread } from '../../pool-figures.ts';
import { count, decimal, plainly, plural } from '../components/wording.ts';

const PLACES = 3;

/** How far the farthest instruction is from a labeled one, beside what chance would give. */
export function sayRadius(figures: CoverageFigures): string {
  const { last, chance } = ends(figures);
  const { sampled } = figures;
  const farthestOf = sampled === null ? 'instruction' : `of a sample of ${plural(sampled, 'instruction')}`;
  return `With ${plural(last.count, 'label')} the farthest ${farthestOf} is ${decimal(last.radius, PLACES)} from the nearest labeled one${beside(last.radius, chance?.radius, figures.draws)}.`;
}

/** The same of the mean distance. */
export function sayDistance(figures: CoverageFigures): string {
  const { last, chance } = ends(figures);
  const nearest = last.count === 1 ? 'the one label' : `the nearest of ${count(last.count)} labels`;
  return `An instruction is ${decimal(last.meanDistance, PLACES)} from ${nearest} on average${beside(last.meanDistance, chance?.meanDistance, figures.draws)}.`;
}

/** How many of the pool's categories have a label. */
export function sayCategories(figures: CoverageFigures): string {
  const { last, chance } = ends(figures);
  const what = figures.categoryField === 'clusters' ? 'clusters of the pool' : `values of “${figures.categoryField}”`;
  const by =
    chance === undefined
      ? ''
      : `; random choices have ${plainly(Math.round(10 * chance.categories.mean) / 10)} on average`;
  const have = last.categories === 1 ? 'has' : 'have';
  return `With ${plural(last.count, 'label')}, ${count(last.categories)} of the ${count(figures.categories)} ${what} ${have} at least one${by}.`;
}

function ends({ labels, random }: CoverageFigures): { last: CoveragePoint; chance: RandomCoveragePoint | undefined } {
  const last = labels.at(-1)!;
  return { last, chance: random.find((one) => one.count === last.count) };
}

function beside(value: number, chance: Spread | undefined, draws: number): string {
  if (chance === undefined) return '';
  const { mean, low, high } = chance;
  const verdict = value < low ? 'less than' : value > high ? 'more than' : 'about as';
  return `, ${verdict} by chance: ${decimal(mean, PLACES)} (${decimal(low, PLACES)} to ${decimal(high, PLACES)}) over ${count(draws)} random choices of the same size`;
}
