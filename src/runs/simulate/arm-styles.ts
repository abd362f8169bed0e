import {
  type SymbolType,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';

/** Okabe & Ito 2008: told apart with any kind of color vision; gray for their yellow, which is faint on white. */
const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#999999'] as const;
const BASELINE_COLOR = '#000000';
/** As many as colors would repeat every pair; one less meets every color with every marker. */
const MARKERS: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolStar,
  symbolWye,
];

export interface ArmStyle {
  readonly color: string;
  readonly marker: SymbolType;
  /** Of the line; undefined: no gaps. */
  readonly dashes: string | undefined;
}

/** How each arm is drawn, by name: the baseline black and dashed, the others in turn; 42 are distinct. */
export function armStyles(arms: readonly string[], baseline: string): ReadonlyMap<string, ArmStyle> {
  const others = arms.filter((arm) => arm !== baseline);
  return new Map([
    [baseline, { color: BASELINE_COLOR, marker: symbolCross, dashes: '5 4' }],
    ...others.map((arm, index): [string, ArmStyle] => [
      arm,
      { color: COLORS[index % COLORS.length]!, marker: MARKERS[index % MARKERS.length]!, dashes: undefined },
    ]),
  ]);
}
