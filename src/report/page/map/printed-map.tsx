import { ITEM_FATES, type PoolMap } from '../../pool-figures.ts';
import type { Coloring } from './coloring.ts';
import { EDGE_WIDTH, symbolScale } from './draw-points.ts';
import { pointColors } from './point-colors.ts';
import { SYMBOLS } from './symbols.ts';
import type { PixelPoints, View } from './view.ts';

/** About the width of the map on a sheet, in pixels. Symbols are as large there as on a screen. */
const PRINTED_WIDTH = 530;

/**
 * The map for print: sharp at any size and in light colors. A canvas would be printed as the screen shows it, so it
 * could be dark.
 */
export function PrintedMap({
  map,
  coloring,
  points,
  isShown,
  view,
  width,
  height,
}: {
  map: PoolMap;
  coloring: Coloring;
  points: PixelPoints;
  isShown: (index: number) => boolean;
  view: View;
  width: number;
  height: number;
}) {
  const size = symbolScale(width, view) * Math.max(1, width / PRINTED_WIDTH);
  const colorOf = pointColors(coloring, 'light', (name) => `var(--${name})`);
  const layers = ITEM_FATES.map((fate, layer) => ({
    fate,
    indexes: map.fate.flatMap((one, index) => (one === layer && isShown(index) ? [index] : [])),
  }));
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {layers.reverse().map(({ fate, indexes }) => (
        <g
          key={fate}
          fill-opacity={SYMBOLS[fate].opacity}
          stroke={fate === 'remaining' ? undefined : 'var(--ground)'}
          stroke-width={EDGE_WIDTH}
          style={{ paintOrder: 'stroke' }}
        >
          {indexes.map((index) => (
            <path
              key={index}
              d={SYMBOLS[fate].path}
              fill={colorOf(index)}
              transform={`translate(${pixel(points.x[index]!, view, view.left)} ${pixel(points.y[index]!, view, view.top)}) scale(${size.toFixed(2)})`}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

function pixel(at: number, { scale }: View, moved: number): string {
  return (at * scale + moved).toFixed(1);
}
