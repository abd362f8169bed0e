import { scale } from '@observablehq/plot';
import type { Coloring } from './coloring.ts';
import { SYMBOLS } from './symbols.ts';

/** Where viridis is told from the ground: its yellow end is not on white, its dark end not on black. */
const VISIBLE = { light: [0, 0.86], dark: [0.22, 1] } as const;
export type Theme = keyof typeof VISIBLE;

const STOPS = 256;

/**
 * The color of each point as CSS has it.
 * @param resolve gives what a color of report.css is in the theme of this moment
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

/** From low to high: viridis, which grows lighter evenly and is told apart by the color-blind. */
export function rampColors(theme: Theme, stops: number): string[] {
  const { apply } = scale({
    color: { type: 'linear', scheme: 'viridis', domain: [0, stops - 1], range: [...VISIBLE[theme]] },
  });
  return Array.from({ length: stops }, (_, stop) => apply(stop));
}
