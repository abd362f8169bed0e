/** Whole micro-dollars: 1 USD = 1,000,000. Always a safe integer, never a fraction. */
export type MicroUsd = number;

/** What something will take: probably, and at most. */
export interface Range {
  readonly expected: number;
  readonly worstCase: number;
}

export function sumRanges(ranges: readonly Range[]): Range {
  return ranges.reduce<Range>(
    (sum, { expected, worstCase }) => ({
      expected: sum.expected + expected,
      worstCase: sum.worstCase + worstCase,
    }),
    { expected: 0, worstCase: 0 },
  );
}

const MICRO_DIGITS = 6;

/**
 * Reads a decimal amount of dollars exactly ("0.15" → 150,000), without passing through a float.
 * @returns undefined when the text is not a non-negative decimal with at most six places.
 */
export function parseUsd(text: string): MicroUsd | undefined {
  const match = /^\$?(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  return Number(whole) * 10 ** MICRO_DIGITS + Number(fraction.padEnd(MICRO_DIGITS, '0'));
}

/** 12345 → "12,345". The tables of languages behind toLocaleString take longer to load than most commands take to start. */
export function groupDigits(value: number): string {
  return Number.isSafeInteger(value)
    ? String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
    : value.toLocaleString('en-US');
}

/** Dollars for people: two places from a dollar up, otherwise as many as the amount has ("$0.000312"). */
export function formatUsd(amount: MicroUsd): string {
  const whole = Math.floor(amount / 10 ** MICRO_DIGITS);
  const fraction = String(amount % 10 ** MICRO_DIGITS).padStart(MICRO_DIGITS, '0');
  const places = whole > 0 ? 2 : Math.max(2, fraction.replace(/0+$/, '').length);
  if (whole > 0) {
    const cents = Math.round(amount / 10 ** 4);
    return `$${groupDigits(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, '0')}`;
  }
  return `$0.${fraction.slice(0, places)}`;
}

/** Dollars where every digit counts, as beside a cap: "$11.9955", "$2.00". */
export function formatUsdExactly(amount: MicroUsd): string {
  const whole = groupDigits(Math.floor(amount / 10 ** MICRO_DIGITS));
  const fraction = String(amount % 10 ** MICRO_DIGITS).padStart(MICRO_DIGITS, '0');
  return `$${whole}.${fraction.slice(0, Math.max(2, fraction.replace(/0+$/, '').length))}`;
}

/** Dollars where a glance must do: to the cent; less than ten cents in the two digits that count ("$0.57", "$0.0031"). */
export function formatUsdBriefly(amount: MicroUsd): string {
  const digits = String(Math.round(amount)).length;
  // From ten cents on the last digit that counts is that of the cents.
  const step = 10 ** Math.min(4, Math.max(0, digits - 2));
  return formatUsd(Math.round(amount / step) * step);
}

/** Dollars for machines: an exact decimal number of dollars, as JSON files want it. */
export function usdNumber(amount: MicroUsd): number {
  return amount / 10 ** MICRO_DIGITS;
}
