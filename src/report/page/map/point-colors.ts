import { scale } from '@observablehq/plot';
import type { Theme } from '../components/use-media.ts';
import type { Coloring } from './coloring.ts';
import { SYMBOLS } from './symbols.ts';

/** The part of viridis with enough contrast: yellow is too faint on white, dark blue on black. */
const VISIBLE = { light: [0, 0.86], dark: [0.22, 1] } as const;

const STOPS = 256;

/**
 * The CSS color of each point.
 * @param resolve gives the value of a color of report.css in the current theme
 */
export function pointColors(
  coloring: Coloring,
  theme: Theme,
  resolve: (name: string) => string,
): (index: number) => string {
  const rest = resolve(SYMBOLS.remaining.color);
  if (coloring.kind === 'groups') {
    const colors = coloring.groups.map(({ color }) => resolve(color));
    return (index) => colors[coloring.groupOf[index]!] ?? rest;
  }
  const { low, high, values } = coloring;
  const colors = rampColors(theme, STOPS);
  return (index) => {
    const value = values[index] ?? null;
    return value === null ? rest : colors[Math.round(((value - low) / (high - low)) * (STOPS - 1))]!;
  };
}

/** Colors from low to high: viridis, which gets lighter evenly and works with any kind of color vision. */
export function rampColors(theme: Theme, stops: number): string[] {
  const { apply } = scale({
    color: { type: 'linear', scheme: 'viridis', domain: [0, stops - 1], range: [...VISIBLE[theme]] },
  });
  return Array.from({ length: stops }, (_, stop) => apply(stop));
}
