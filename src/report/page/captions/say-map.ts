import { ITEM_FATES, type PoolMap } from '../../pool-figures.ts';
import { count, listed, plural } from '../components/wording.ts';

const METHODS = { umap: 'UMAP', pca: 'the first two principal components' } as const;

/** What the map shows, with how many points of each kind. */
export function sayMap({ method, instructions, position, fate }: PoolMap): string {
  const isSample = position.length < instructions;
  const drawn = isSample
    ? `${count(position.length)} of ${plural(instructions, 'instruction')} – all that were picked, and a sample of the others –`
    : `${instructions === 1 ? 'The one instruction' : `All ${count(instructions)} instructions`}`;
  const counts = ITEM_FATES.map((name, index) => ({ name, items: fate.filter((one) => one === index).length }));
  const kinds = counts.filter(({ items }) => items > 0).map(({ name, items }) => `${count(items)} ${name}`);
  return `${drawn} placed by ${METHODS[method]} of their embeddings, so that alike ones are near each other: ${isSample ? 'drawn are ' : ''}${listed(kinds)}.`;
}
