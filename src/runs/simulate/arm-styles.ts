/** Okabe & Ito 2008: distinct with any kind of color vision. Gray replaces their yellow, which is faint on white. */
const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#999999'] as const;
const BASELINE_COLOR = '#000000';
/** One fewer than the colors, so that every color meets every symbol. */
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye'] as const;

export interface ArmStyle {
  readonly color: string;
  /** A symbol of Plot. */
  readonly symbol: (typeof SYMBOLS)[number] | 'cross';
  /** The SVG dash array of the line; undefined: solid. */
  readonly dash: string | undefined;
}

/** The style of each arm by name: the baseline is black and dashed, the others take turns. 42 of them are distinct. */
export function armStyles(arms: readonly string[], baseline: string): ReadonlyMap<string, ArmStyle> {
  const others = arms.filter((arm) => arm !== baseline);
  return new Map([
    [baseline, { color: BASELINE_COLOR, symbol: 'cross', dash: '5 4' }],
    ...others.map((arm, index): [string, ArmStyle] => [
      arm,
      { color: COLORS[index % COLORS.length]!, symbol: SYMBOLS[index % SYMBOLS.length]!, dash: undefined },
    ]),
  ]);
}
