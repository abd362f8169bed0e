import { groupDigits, type MicroUsd } from '../../domain/money.ts';

/** 12345 → "12,345". */
export function formatCount(value: number): string {
  return groupDigits(value);
}

/** "1 query", "3 queries". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Milliseconds → "0.4 s", "12 s", "3 min 5 s", "2 h 4 min". */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** 0.834 → "83 %". */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** "44–71 %", "4.10–5.37": both ends as the format writes them, its unit once. */
export function formatRange(
  { low, high }: { readonly low: number; readonly high: number },
  format: (value: number) => string,
): string {
  return `${format(low).replace(/ %$/, '')}–${format(high)}`;
}

/** "5.37 ± 0.41", to the farther end of the 95 % interval; the mean alone where there is none. */
export function formatEstimate({
  mean,
  interval,
}: {
  readonly mean: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}): string {
  const half = interval === null ? '' : ` ± ${formatScore(Math.max(mean - interval.low, interval.high - mean))}`;
  return `${formatScore(mean)}${half}`;
}

/** A count of a total in percent: "14 %"; rounded, but neither to nothing nor to all. */
export function formatPart(count: number, total: number): string {
  const percent = total === 0 ? 0 : (100 * count) / total;
  if (percent > 0 && percent < 0.5) return '<1 %';
  if (percent < 100 && percent >= 99.5) return '>99 %';
  return `${Math.round(percent)} %`;
}

/** Aligns labels and values in two columns. */
export function formatPairs(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...pairs.map(([label]) => label.length));
  // A value from outside may hold line ends; the rest of it must not look like a line of ours.
  const indent = `\n${' '.repeat(width + 4)}`;
  return pairs.map(([label, value]) => `  ${label.padEnd(width)}  ${value.replaceAll('\n', indent)}`).join('\n');
}

/** Dollars to the micro-dollar: 1234567 → "$1.234567". May be below zero. */
export function formatExactUsd(amount: MicroUsd): string {
  const digits = String(Math.abs(amount)).padStart(7, '0');
  return `${amount < 0 ? '−' : ''}$${formatCount(Number(digits.slice(0, -6)))}.${digits.slice(-6)}`;
}

/** 3.14159 → "3.14"; nothing → "–". */
export function formatScore(score: number | null, places = 2): string {
  return score === null ? '–' : score.toFixed(places);
}
