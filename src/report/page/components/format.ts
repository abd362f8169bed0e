import { formatUsdBriefly, type MicroUsd } from '../../../domain/money.ts';

/** Shown where there is no figure. */
export const NONE = '–';

/** 12345 → "12,345". */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** "1 label", "3 labels". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** 0.384 → "38 %" with a space that does not break; one decimal below 10 %. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)}\u00a0%`;
}

/** A number with a fixed count of decimals; null → a dash. */
export function decimal(value: number | null, places = 2): string {
  return value === null
    ? NONE
    : value
        .toFixed(places)
        .replace(/^-(?=[0.]*$)/, '')
        .replace('-', '−');
}

/** A difference: "+0.44", "−0.10". */
export function signed(value: number): string {
  const shown = decimal(value);
  return value > 0 && shown !== decimal(0) ? `+${shown}` : shown;
}

/** A measured number, with fewer decimals the larger it is. */
export function compact(value: number): string {
  if (Number.isInteger(value)) return count(value);
  return Math.abs(value) >= 100 ? count(Math.round(value)) : decimal(value, Math.abs(value) >= 10 ? 1 : 3);
}

/** A number without trailing zeros, with three decimals at most. */
export function trimmed(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 }).replace('-', '−');
}

/** An amount, rounded as the commands print it; null → a dash. */
export function dollars(amount: MicroUsd | null): string {
  return amount === null ? NONE : formatUsdBriefly(amount);
}

/** "a, b and c". */
export function joinWithAnd(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** "labeled" → "Labeled". */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
