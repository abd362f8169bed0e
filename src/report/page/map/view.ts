/** The visible part of the map: zoomed by `scale` and moved by pixels. */
export interface View {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export const FULL_VIEW: View = { scale: 1, left: 0, top: 0 };
const LARGEST_SCALE = 40;

/** Points in pixels of the full view. */
export interface PixelPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Fits points into a box, with y upwards. Both axes have the same scale, so distances can be compared. */
export function toPixels(
  { x, y }: { readonly x: readonly number[]; readonly y: readonly number[] },
  { width, height, margin }: { readonly width: number; readonly height: number; readonly margin: number },
): PixelPoints {
  const [left, right] = extent(x);
  const [bottom, top] = extent(y);
  const scale = Math.min((width - 2 * margin) / (right - left || 1), (height - 2 * margin) / (top - bottom || 1));
  const [middleX, middleY] = [(left + right) / 2, (bottom + top) / 2];
  return {
    x: Float32Array.from(x, (value) => width / 2 + (value - middleX) * scale),
    y: Float32Array.from(y, (value) => height / 2 - (value - middleY) * scale),
  };
}

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 1] : [low, high];
}

/** Zooms by a factor around (x, y), never out beyond the full view. */
export function zoomed({ scale, left, top }: View, by: number, x: number, y: number): View {
  const next = Math.min(LARGEST_SCALE, Math.max(1, scale * by));
  if (next === 1) return FULL_VIEW;
  const factor = next / scale;
  return { scale: next, left: x - (x - left) * factor, top: y - (y - top) * factor };
}

/** The nearest visible point within a distance in pixels, or -1. Ties go to the first. O(n). */
export function nearestPoint(
  points: PixelPoints,
  isShown: (index: number) => boolean,
  x: number,
  y: number,
  within: number,
): number {
  let [nearest, least] = [-1, within * within];
  for (let index = 0; index < points.x.length; index += 1) {
    const [dx, dy] = [points.x[index]! - x, points.y[index]! - y];
    const distance = dx * dx + dy * dy;
    if (distance < least && isShown(index)) [nearest, least] = [index, distance];
  }
  return nearest;
}

/** The nearest visible point in a direction, or -1. Sideways distance counts twice. */
export function nextPoint(
  points: PixelPoints,
  isShown: (index: number) => boolean,
  from: number,
  direction: { readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1 },
): number {
  const [fromX, fromY] = [points.x[from]!, points.y[from]!];
  let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
  for (let index = 0; index < points.x.length; index += 1) {
    const [dx, dy] = [points.x[index]! - fromX, points.y[index]! - fromY];
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    // Within 45 degrees. A point at the same place is not ahead.
    if (ahead <= 0 || aside > ahead || !isShown(index)) continue;
    const distance = ahead + 2 * aside;
    if (distance < least) [nearest, least] = [index, distance];
  }
  return nearest;
}
