import { UsageError } from '../../../domain/errors.ts';
import type { Registry } from '../../../domain/registry.ts';
import { option, sentence } from '../../../domain/wording.ts';
import type { Strategy, StrategyOptions, StrategyPart } from '../strategy.ts';
import { normalizeOptions } from '../strategy-options.ts';

/** One strategy of a portfolio. */
export interface MixPart extends StrategyPart {
  /** As given, without the share. */
  readonly name: string;
  /** > 0; only ratios to the others count. */
  readonly share: number;
}

const PART = /^([a-z0-9-]+)(?:\(([^()]*)\))?\s*[:=]\s*(\d+(?:\.\d+)?)%?$/i;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const FORM = 'Write name:share, separated by commas: facility-location:60,random:40.';

/**
 * Reads a portfolio: `facility-location:60,uncertainty:20,random:20`. Commas or plus signs separate the parts, a colon or
 * an equals sign stands before the share, and options of a part stand in parentheses, separated by semicolons:
 * `mig(tagField=tags;judge=expert):30`.
 * @throws UsageError
 */
export function parseMix(text: string, strategies: Registry<Strategy>): readonly MixPart[] {
  const parts = text.split(/[,+](?![^(]*\))/).map((part) => parsePart(part.trim(), strategies));
  const names = parts.map(({ strategy, options }) => JSON.stringify([strategy.name, options]));
  const twice = parts.find((_, index) => names.indexOf(names[index]!) < index);
  if (twice) throw new UsageError(sentence`${option('mix')} names "${twice.name}" twice.`, 'Add up its shares.');
  const choosers = parts.filter(({ strategy }) => strategy.needs.llm);
  if (choosers.length > 1) {
    throw new UsageError(
      sentence`${option('mix')} has ${choosers.length} parts in which an LLM chooses, and only one is possible.`,
      'Leave all but one out.',
    );
  }
  return parts;
}

function parsePart(text: string, strategies: Registry<Strategy>): MixPart {
  const [, name, given = '', share] = PART.exec(text) ?? [];
  if (name === undefined)
    throw new UsageError(sentence`${option('mix')} has a part that cannot be read: "${text}".`, FORM);
  const strategy = strategies.find(name);
  if (strategy.parts) throw new UsageError(sentence`${option('mix')} cannot contain "${name}".`, FORM);
  if (Number(share) === 0) {
    throw new UsageError(sentence`${option('mix')} gives "${name}" a share of 0.`, 'Leave it out, or raise its share.');
  }
  const options = normalizeOptions(strategy, parseOptions(given));
  return { name: given === '' ? name : `${name}(${given})`, strategy, options, share: Number(share) };
}

/** @throws UsageError */
function parseOptions(text: string): StrategyOptions {
  const given = text.split(';').filter((one) => one.trim() !== '');
  return Object.fromEntries(
    given.map((one) => {
      const [, name, value] = /^\s*([a-z][a-z0-9-]*)=(.*)$/is.exec(one) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(
          sentence`${option('mix')} has an option that cannot be read: "${one.trim()}".`,
          'Write options in parentheses: deita(threshold=0.8;judge=expert):50.',
        );
      }
      const camelCase = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      const trimmed = value.trim();
      if (trimmed === 'true' || trimmed === 'false') return [camelCase, trimmed === 'true'];
      return [camelCase, NUMBER.test(trimmed) ? Number(trimmed) : trimmed];
    }),
  );
}

/**
 * Whole numbers in proportion to the shares that add up to the count: each gets its quota rounded down, and what is left
 * goes to the largest remainders; ties → the first. Source: Hamilton's method. O(parts·log parts).
 */
export function countsByShare(shares: readonly number[], count: number): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const quotas = shares.map((share) => (count * share) / total);
  const counts = quotas.map(Math.floor);
  const left = count - counts.reduce((sum, one) => sum + one, 0);
  const byRemainder = [...quotas.keys()].sort((a, b) => quotas[b]! - counts[b]! - (quotas[a]! - counts[a]!) || a - b);
  for (const index of byRemainder.slice(0, left)) counts[index]! += 1;
  return counts;
}
