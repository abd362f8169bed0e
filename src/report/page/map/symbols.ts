import type { ItemFate } from '../../pool-figures.ts';

/** The shape of a status. It is the same for all colors. */
export interface Symbol {
  /** An SVG path around 0, in pixels at normal size. */
  readonly path: string;
  /** Its color when the map is colored by status. */
  readonly color: string;
  readonly opacity: number;
  readonly description: string;
}

export const SYMBOLS: Readonly<Record<ItemFate, Symbol>> = {
  labeled: {
    path: 'M-4,0A4,4 0 1,1 4,0A4,4 0 1,1 -4,0Z',
    color: 'series-1',
    opacity: 0.95,
    description: 'answered by a person',
  },
  rejected: {
    path: 'M-4.5,-3.5H4.5L0,4.5Z',
    color: 'series-5',
    opacity: 1,
    description: 'rejected as a bad instruction',
  },
  skipped: {
    path: 'M-3.5,-3.5H3.5V3.5H-3.5Z',
    color: 'series-4',
    opacity: 1,
    description: 'skipped by its annotators',
  },
  selected: {
    path: 'M0,-5.5L4.5,0L0,5.5L-4.5,0Z',
    color: 'series-3',
    opacity: 1,
    description: 'waiting for annotators',
  },
  failed: {
    path: 'M-3.6,-2.3L-2.3,-3.6L0,-1.3L2.3,-3.6L3.6,-2.3L1.3,0L3.6,2.3L2.3,3.6L0,1.3L-2.3,3.6L-3.6,2.3L-1.3,0Z',
    color: 'series-2',
    opacity: 0.9,
    description: 'the last model failed here',
  },
  remaining: {
    path: 'M-1.8,0A1.8,1.8 0 1,1 1.8,0A1.8,1.8 0 1,1 -1.8,0Z',
    color: 'series-7',
    opacity: 0.55,
    description: 'not picked, no known failure',
  },
};
