import { ITEM_FATES, type PoolMap } from '../../pool-figures.ts';
import type { Coloring } from './coloring.ts';
import { EDGE_WIDTH, symbolGrowth } from './draw-points.ts';
import { pointColors } from './point-colors.ts';
import { SYMBOLS } from './symbols.ts';
import type { Placed, View } from './view.ts';

/** About as wide as the map is on a sheet, in pixels: symbols stay as large as they are on a screen. */
const WIDTH_ON_PAPER = 530;

/**
 * The map as it is printed: sharp at any size, in the colors of paper. A canvas would be printed as the screen last
 * showed it, dark where the theme is.
 */
export function PaperMap({
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
  points: Placed;
  isShown: (index: number) => boolean;
  view: View;
  width: number;
  height: number;
}) {
  const growth = symbolGrowth(width, view) * Math.max(1, width / WIDTH_ON_PAPER);
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
              transform={`translate(${place(points.x[index]!, view, view.left)} ${place(points.y[index]!, view, view.top)}) scale(${growth.toFixed(2)})`}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

function place(at: number, { scale }: View, moved: number): string {
  return (at * scale + moved).toFixed(1);
}
