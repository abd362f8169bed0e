/** Colors of report.css that stay distinct with any kind of color vision, in both themes. */
export const SERIES_COLORS = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `var(--series-${number})`);

/** One line or group of a chart. Lines also differ by symbol or dash, not by color alone. */
export interface Series {
  readonly name: string;
  readonly color: string;
  /** Marks the points of a line. */
  readonly symbol?: 'circle' | 'square' | 'triangle';
  /** An SVG dash array. */
  readonly dash?: string;
}

/** Explains the colors, dashes and symbols of a chart. */
export function SeriesLegend({ series }: { series: readonly Series[] }) {
  return (
    <ul class="legend">
      {series.map((one) => (
        <li key={one.name}>
          <Sample {...one} />
          {one.name}
        </li>
      ))}
    </ul>
  );
}

function Sample({ color, symbol, dash }: Series) {
  if (symbol === undefined && dash === undefined)
    return (
      <svg class="sample" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        <rect x="1" y="1" width="12" height="12" rx="2" fill={color} />
      </svg>
    );
  return (
    <svg class="sample" width="30" height="14" viewBox="0 0 30 14" aria-hidden="true">
      <line x1="0" y1="7" x2="30" y2="7" stroke={color} stroke-width="2" stroke-dasharray={dash} />
      {symbol === undefined ? null : <path d={SYMBOL_PATHS[symbol]} fill={color} transform="translate(15 7)" />}
    </svg>
  );
}

const SYMBOL_PATHS = {
  circle: 'M-4.5,0A4.5,4.5 0 1,1 4.5,0A4.5,4.5 0 1,1 -4.5,0Z',
  square: 'M-4,-4H4V4H-4Z',
  triangle: 'M0,-5L5,4H-5Z',
} as const;
