import { ITEM_FATES, type PoolMap } from '../../pool-figures.ts';
import { SYMBOLS } from './symbols.ts';
import type { Placed, View } from './view.ts';

const PATHS = ITEM_FATES.map((fate) => new Path2D(SYMBOLS[fate].path));
/** Symbols grow with the map, but less, and are smaller on a small one. */
const MOST_GROWTH = 2.2;
const FULL_SIZE_FROM = 640;
const LEAST_SIZE = 0.65;

/** Of the edge that keeps a symbol apart from what lies beneath. */
export const EDGE_WIDTH = 1.6;

/** How large symbols are on a map so wide, in a view of it. */
export function symbolGrowth(width: number, { scale }: View): number {
  return Math.max(LEAST_SIZE, Math.min(1, width / FULL_SIZE_FROM)) * Math.min(MOST_GROWTH, Math.sqrt(scale));
}

/**
 * Draws the shown points, those that nothing happened to first: what matters lies on top.
 * @param pixelRatio pixels of the screen in one of the page
 * @param colorOf of a point, as CSS has it
 */
export function drawPoints(
  canvas: HTMLCanvasElement,
  { fate }: Pick<PoolMap, 'fate'>,
  points: Placed,
  {
    view,
    pixelRatio,
    isShown,
    colorOf,
  }: {
    view: View;
    pixelRatio: number;
    isShown: (index: number) => boolean;
    colorOf: (index: number) => string;
  },
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const growth = symbolGrowth(canvas.width / pixelRatio, view) * pixelRatio;
  const ground = getComputedStyle(canvas).getPropertyValue('--ground').trim();
  for (let layer = ITEM_FATES.length - 1; layer >= 0; layer -= 1) {
    const symbol = SYMBOLS[ITEM_FATES[layer]!];
    const hasEdge = ITEM_FATES[layer] !== 'remaining';
    for (let index = 0; index < fate.length; index += 1) {
      if (fate[index] !== layer || !isShown(index)) continue;
      const x = (points.x[index]! * view.scale + view.left) * pixelRatio;
      const y = (points.y[index]! * view.scale + view.top) * pixelRatio;
      if (x < -20 || y < -20 || x > canvas.width + 20 || y > canvas.height + 20) continue;
      context.setTransform(growth, 0, 0, growth, x, y);
      context.globalAlpha = symbol.opacity;
      if (hasEdge) {
        context.strokeStyle = ground;
        context.lineWidth = EDGE_WIDTH;
        context.stroke(PATHS[layer]!);
      }
      context.fillStyle = colorOf(index);
      context.fill(PATHS[layer]!);
    }
  }
}
