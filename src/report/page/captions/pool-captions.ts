import {
  type CoverageFigures,
  type CoveragePoint,
  ITEM_FATES,
  type PoolMap,
  type RandomCoveragePoint,
  type Spread,
} from '../../pool-figures.ts';
import { count, decimal, joinWithAnd, plural, trimmed } from '../components/format.ts';

const PLACES = 3;
const METHODS = { umap: 'UMAP', pca: 'the first two principal components' } as const;

/** How many points of each kind the map shows. */
export function mapCaption({ method, instructions, position, fate }: PoolMap): string {
  const shown =
    position.length < instructions
      ? `The map shows ${count(position.length)} of ${plural(instructions, 'instruction')}: all that were picked and a sample of the others.`
      : `The map shows ${instructions === 1 ? 'the only instruction' : `all ${count(instructions)} instructions`}.`;
  const counts = ITEM_FATES.map((name, index) => ({ name, items: fate.filter((one) => one === index).length }));
  const kinds = counts.filter(({ items }) => items > 0).map(({ name, items }) => `${count(items)} ${name}`);
  return `${shown} Similar items are close together (${METHODS[method]} of their embeddings). By status: ${joinWithAnd(kinds)}.`;
}

/** The distance from the farthest instruction to a labeled one, compared with random picks. */
export function radiusCaption(figures: CoverageFigures): string {
  const { last, random } = lastPoints(figures);
  const { sampled } = figures;
  const farthest =
    sampled === null ? 'the farthest instruction' : `the farthest of ${plural(sampled, 'sampled instruction')}`;
  const distance = `With ${plural(last.count, 'label')}, ${farthest} is ${decimal(last.radius, PLACES)} away from the nearest labeled one.`;
  return `${distance}${compared(last.radius, random?.radius, figures.draws)}`;
}

/** The mean distance to the nearest labeled instruction, compared with random picks. */
export function distanceCaption(figures: CoverageFigures): string {
  const { last, random } = lastPoints(figures);
  const nearest = last.count === 1 ? 'the only labeled one' : 'the nearest labeled one';
  const distance = `On average, an instruction is ${decimal(last.meanDistance, PLACES)} away from ${nearest}.`;
  return `${distance}${compared(last.meanDistance, random?.meanDistance, figures.draws)}`;
}

/** How many of the pool's categories have a label. */
export function categoriesCaption(figures: CoverageFigures): string {
  const { last, random } = lastPoints(figures);
  const kinds = figures.categoryField === 'clusters' ? 'clusters' : `values of “${figures.categoryField}”`;
  const have = last.categories === 1 ? 'has' : 'have';
  const covered = `With ${plural(last.count, 'label')}, ${count(last.categories)} of ${count(figures.categories)} ${kinds} ${have} at least one label.`;
  if (random === undefined) return covered;
  return `${covered} With random picks, it is ${trimmed(Math.round(10 * random.categories.mean) / 10)} on average.`;
}

function lastPoints({ labels, random }: CoverageFigures): {
  last: CoveragePoint;
  random: RandomCoveragePoint | undefined;
} {
  const last = labels.at(-1)!;
  return { last, random: random.find((one) => one.count === last.count) };
}

function compared(value: number, random: Spread | undefined, draws: number): string {
  if (random === undefined) return '';
  const { mean, low, high } = random;
  const verdict = value < low ? 'less than' : value > high ? 'more than' : 'about the same as';
  return ` That is ${verdict} with random picks: ${decimal(mean, PLACES)} (${decimal(low, PLACES)} to ${decimal(high, PLACES)} in ${count(draws)} draws).`;
}
