/** The difference between the features of a winner and of a loser, with its weight. */
export interface SparseDifference {
  /** Different columns, each in [0, columns). */
  readonly columns: readonly number[];
  /** One finite number per column. */
  readonly values: readonly number[];
  /** Above 0: counts as this many pairs. */
  readonly weight: number;
}

/** Steps kept to estimate the curvature. */
const MEMORY = 12;
/** A step must reach at least this share of the decrease that its slope predicts. */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 30;
/** A flatter slope changes no stored digit. */
const FLAT = 1e-5;

/**
 * The weights w that minimise the mean of log(1 + exp(−w·difference)) plus ½ Σ penalty·w², so that the winner's score
 * w·features is above the loser's: logistic regression without an intercept, by L-BFGS from zero. Convex: the result
 * depends on the order of the rows only by rounding. Deterministic. O(iterations × numbers in rows).
 *
 * Source: Nocedal & Wright, Numerical Optimization (2006), algorithms 7.4 and 7.5 with backtracking.
 * @param penalties one above 0 for each column
 */
export function fitLogisticRanker(
  rows: readonly SparseDifference[],
  penalties: Float64Array,
  mostIterations = 100,
): Float64Array {
  const data = packed(rows);
  let weights: Float64Array = new Float64Array(penalties.length);
  let here = lossAndSlope(data, weights, penalties);
  const steps: { readonly step: Float64Array; readonly bend: Float64Array; readonly curvature: number }[] = [];
  for (let iteration = 0; iteration < mostIterations; iteration += 1) {
    const direction = descent(here.slope, steps, penalties);
    const promise = dot(direction, here.slope);
    if (promise > -FLAT * FLAT) break;
    let length = 1;
    let next = add(weights, direction, length);
    let there = lossAndSlope(data, next, penalties);
    for (let i = 0; i < MOST_HALVINGS && there.loss > here.loss + SUFFICIENT * length * promise; i += 1) {
      length /= 2;
      next = add(weights, direction, length);
      there = lossAndSlope(data, next, penalties);
    }
    if (there.loss >= here.loss) break;
    const step = add(next, weights, -1);
    const bend = add(there.slope, here.slope, -1);
    const curvature = dot(step, bend);
    if (curvature > 0) steps.push({ step, bend, curvature });
    if (steps.length > MEMORY) steps.shift();
    weights = next;
    here = there;
  }
  return weights;
}

function lossAndSlope(
  { starts, columns, values, shares }: PackedRows,
  weights: Float64Array,
  penalties: Float64Array,
): { readonly loss: number; readonly slope: Float64Array } {
  const slope = new Float64Array(weights.length);
  let loss = 0;
  for (let row = 0; row < shares.length; row += 1) {
    const [start, end, share] = [starts[row]!, starts[row + 1]!, shares[row]!];
    let margin = 0;
    for (let i = start; i < end; i += 1) margin += weights[columns[i]!]! * values[i]!;
    // log(1 + exp(−margin)) without overflow.
    loss += share * (Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin));
    const pull = share / (1 + Math.exp(margin));
    for (let i = start; i < end; i += 1) slope[columns[i]!]! -= pull * values[i]!;
  }
  for (let j = 0; j < weights.length; j += 1) {
    loss += 0.5 * penalties[j]! * weights[j]! ** 2;
    slope[j]! += penalties[j]! * weights[j]!;
  }
  return { loss, slope };
}

/** Rows end to end: every iteration reads all of them. */
interface PackedRows {
  /** Length rows + 1. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
  /** The weight of each row as a share of all. */
  readonly shares: Float64Array;
}

function packed(rows: readonly SparseDifference[]): PackedRows {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const starts = new Int32Array(rows.length + 1);
  for (const [row, { columns }] of rows.entries()) starts[row + 1] = starts[row]! + columns.length;
  const columns = new Int32Array(starts[rows.length]!);
  const values = new Float64Array(starts[rows.length]!);
  for (const [row, difference] of rows.entries()) {
    columns.set(difference.columns, starts[row]);
    values.set(difference.values, starts[row]);
  }
  return { starts, columns, values, shares: Float64Array.from(rows, ({ weight }) => weight / total) };
}

/** The quasi-Newton direction: the two-loop recursion over the stored steps, newest last. */
function descent(
  slope: Float64Array,
  steps: readonly { readonly step: Float64Array; readonly bend: Float64Array; readonly curvature: number }[],
  penalties: Float64Array,
): Float64Array {
  const direction = slope.map((value) => -value);
  const shares: number[] = [];
  for (let k = steps.length - 1; k >= 0; k -= 1) {
    const { step, bend, curvature } = steps[k]!;
    shares[k] = dot(step, direction) / curvature;
    for (let j = 0; j < direction.length; j += 1) direction[j]! -= shares[k]! * bend[j]!;
  }
  const newest = steps.at(-1);
  // While the curvature is unknown, the penalties limit the step.
  const scale =
    newest === undefined ? 1 / (1 + penalties.length / 100) : newest.curvature / dot(newest.bend, newest.bend);
  for (let j = 0; j < direction.length; j += 1) direction[j]! *= scale;
  for (let k = 0; k < steps.length; k += 1) {
    const { step, bend, curvature } = steps[k]!;
    const share = shares[k]! - dot(bend, direction) / curvature;
    for (let j = 0; j < direction.length; j += 1) direction[j]! += share * step[j]!;
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

function add(a: Float64Array, b: Float64Array, times: number): Float64Array {
  return a.map((value, i) => value + times * b[i]!);
}
