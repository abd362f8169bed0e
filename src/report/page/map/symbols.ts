import type { ItemFate } from '../../pool-figures.ts';

/** What happened to an item shows in its form, whatever the color says. */
export interface Symbol {
  /** Around 0, as wide as it is drawn on the map at its normal size. */
  readonly path: string;
  /** Where color stands for it. */
  readonly color: string;
  readonly opacity: number;
  readonly says: string;
}

export const SYMBOLS: Readonly<Record<ItemFate, Symbol>> = {
  labeled: {
    path: 'M-4,0A4,4 0 1,1 4,0A4,4 0 1,1 -4,0Z',
    color: 'series-1',
    opacity: 0.95,
    says: 'answered by a person',
  },
  rejected: { path: 'M-4.5,-3.5H4.5L0,4.5Z', color: 'series-5', opacity: 1, says: 'said to be a bad instruction' },
  skipped: { path: 'M-3.5,-3.5H3.5V3.5H-3.5Z', color: 'series-4', opacity: 1, says: 'passed over by its annotators' },
  selected: { path: 'M0,-5.5L4.5,0L0,5.5L-4.5,0Z', color: 'series-3', opacity: 1, says: 'waiting for people' },
  failed: {
    path: 'M-3.6,-2.3L-2.3,-3.6L0,-1.3L2.3,-3.6L3.6,-2.3L1.3,0L3.6,2.3L2.3,3.6L0,1.3L-2.3,3.6L-3.6,2.3L-1.3,0Z',
    color: 'series-2',
    opacity: 0.9,
    says: 'the last model that tried did badly',
  },
  remaining: {
    path: 'M-1.8,0A1.8,1.8 0 1,1 1.8,0A1.8,1.8 0 1,1 -1.8,0Z',
    color: 'series-7',
    opacity: 0.55,
    says: 'nothing happened to it',
  },
};
