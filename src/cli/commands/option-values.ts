import { InvalidArgumentError } from 'commander';
import { type MicroUsd, parseUsd } from '../../domain/money.ts';
import type { RoleNames } from '../../records/conversations/turn-roles.ts';

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

/** `tutor=assistant,pupil=user`; whether the roles exist is checked where they are used. */
export function roleNames(text: string): RoleNames {
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  if (!pairs.every((pair) => pair.length === 2 && pair.every((part) => part !== ''))) {
    throw new InvalidArgumentError('It must be pairs such as tutor=assistant,pupil=user.');
  }
  return Object.fromEntries(pairs);
}
