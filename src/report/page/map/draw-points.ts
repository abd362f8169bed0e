import { ITEM_FATES, type PoolMap } from '../../pool-figures.ts';
import { SYMBOLS } from './symbols.ts';
import type { PixelPoints, View } from './view.ts';

const PATHS = ITEM_FATES.map((fate) => new Path2D(SYMBOLS[fate].path));
/** Symbols grow more slowly than the map when it is zoomed, and are smaller on narrow screens. */
const LARGEST_ZOOM_FACTOR = 2.2;
const FULL_SIZE_WIDTH = 640;
const SMALLEST_SIZE = 0.65;

/** Width of the edge that separates a symbol from those below it. */
export const EDGE_WIDTH = 1.6;

/** Size of symbols on a map of this width, relative to their paths. */
export function symbolScale(width: number, { scale }: View): number {
  return (
    Math.max(SMALLEST_SIZE, Math.min(1, width / FULL_SIZE_WIDTH)) * Math.min(LARGEST_ZOOM_FACTOR, Math.sqrt(scale))
  );
}

/**
 * Draws the visible points; those with a more important status lie on top.
 * @param pixelRatio screen pixels per CSS pixel
 * @param colorOf the CSS color of a point
 */
export function drawPoints(
  canvas: HTMLCanvasElement,
  { fate }: Pick<PoolMap, 'fate'>,
  points: PixelPoints,
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
  const size = symbolScale(canvas.width / pixelRatio, view) * pixelRatio;
  const ground = getComputedStyle(canvas).getPropertyValue('--ground').trim();
  for (let layer = ITEM_FATES.length - 1; layer >= 0; layer -= 1) {
    const symbol = SYMBOLS[ITEM_FATES[layer]!];
    const hasEdge = ITEM_FATES[layer] !== 'remaining';
    for (let index = 0; index < fate.length; index += 1) {
      if (fate[index] !== layer || !isShown(index)) continue;
      const x = (points.x[index]! * view.scale + view.left) * pixelRatio;
      const y = (points.y[index]! * view.scale + view.top) * pixelRatio;
      if (x < -20 || y < -20 || x > canvas.width + 20 || y > canvas.height + 20) continue;
      context.setTransform(size, 0, 0, size, x, y);
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
