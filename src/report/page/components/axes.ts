import type { PlotOptions } from '@observablehq/plot';

/** Space for the axes, equal in all charts. */
export const CHART_MARGINS = { height: 280, marginLeft: 56, marginRight: 20, marginTop: 28, marginBottom: 40 } as const;

/** An axis of rounds: they are names, not quantities, so they are evenly spaced. */
export function roundAxis(rounds: readonly { readonly number: number }[]): NonNullable<PlotOptions['x']> {
  return { type: 'point', label: 'round', domain: rounds.map(({ number }) => number), padding: 0.5 };
}

/**
 * Options of an axis of whole numbers: it has no ticks between two of them.
 * @param ticks about how many ticks
 * @param range difference between the largest and the smallest number on the axis
 */
export function countAxis(ticks: number, range: number): { ticks: number; nice: number; tickFormat: string } {
  const most = Math.max(1, Math.min(ticks, range));
  return { ticks: most, nice: most, tickFormat: ',d' };
}
