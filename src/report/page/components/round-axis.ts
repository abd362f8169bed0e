import type { PlotOptions } from '@observablehq/plot';

/** Room for the axes of charts of one size. */
export const CHART_MARGINS = { height: 280, marginLeft: 56, marginRight: 20, marginTop: 28, marginBottom: 40 } as const;

/** Rounds are no quantities: one place each. */
export function roundAxis(rounds: readonly { readonly number: number }[]): NonNullable<PlotOptions['x']> {
  return { type: 'point', label: 'round', domain: rounds.map(({ number }) => number), padding: 0.5 };
}
