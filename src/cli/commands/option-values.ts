import { InvalidArgumentError } from 'commander';
import { type MicroUsd, parseUsd } from '../../domain/money.ts';

/** @returns a reader of whole numbers of at least `least` */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      const bound = least > Number.MIN_SAFE_INTEGER ? ` of at least ${least}` : '';
      throw new InvalidArgumentError(`It must be a whole number${bound}.`);
    }
    return value;
  };
}

export function decimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export function dollars(text: string): MicroUsd {
  const amount = parseUsd(text);
  if (amount === undefined) throw new InvalidArgumentError('It must be an amount in dollars, such as 2.50.');
  return amount;
}
