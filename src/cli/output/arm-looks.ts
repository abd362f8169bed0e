import type { Paint } from './braille-canvas.ts';
import { colors } from './colors.ts';

const MARKS = ['●', '■', '▲', '◆', '★', '▼', '○', '□', '△', '◇', '☆', '▽'] as const;
const PAINTS: readonly Paint[] = [colors.cyan, colors.yellow, colors.green, colors.magenta, colors.blue];
const BASELINE_MARK = '+';

export interface ArmLook {
  readonly mark: string;
  readonly paint: Paint;
}

/** How each arm is drawn in the terminal, by name: the baseline plain, the others in turn. */
export function armLooks(arms: readonly string[], baseline: string): ReadonlyMap<string, ArmLook> {
  const others = arms.filter((arm) => arm !== baseline);
  return new Map([
    [baseline, { mark: BASELINE_MARK, paint: (text: string) => text }],
    ...others.map((arm, index): [string, ArmLook] => [
      arm,
      { mark: MARKS[index % MARKS.length]!, paint: PAINTS[index % PAINTS.length]! },
    ]),
  ]);
}
