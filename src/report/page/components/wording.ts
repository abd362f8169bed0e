import { formatUsdBriefly, type MicroUsd } from '../../../domain/money.ts';

/** Where there is no figure. */
export const NONE = '–';

/** 12345 → "12,345". */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** "1 label", "3 labels". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** 0.384 → "38 %", never on two lines; parts of a percent only below 10. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)}\u00a0%`;
}

/** With so many places; nothing → a dash. */
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

/** As many places as a number of this size needs. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return count(value);
  return Math.abs(value) >= 100 ? count(Math.round(value)) : decimal(value, Math.abs(value) >= 10 ? 1 : 3);
}

/** A number that was set, not measured: with no more places than it has, up to three. */
export function plainly(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 }).replace('-', '−');
}

/** Amounts as the commands print them where a glance must do. */
export function dollars(amount: MicroUsd | null): string {
  return amount === null ? NONE : formatUsdBriefly(amount);
}

/** "fell from 62 % to 38 %". */
export function change(first: number, last: number, write: (value: number) => string): string {
  const [from, to] = [write(first), write(last)];
  if (from === to) return `stayed at ${to}`;
  return `${last < first ? 'fell' : 'rose'} from ${from} to ${to}`;
}

/** "a, b and c". */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** "Labeled" */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
