import type { Command } from 'commander';
import { z } from 'zod';
import { JUDGES } from '../../selection/judges/registry.ts';
import { defaultStrategy, STRATEGIES } from '../../selection/strategies/registry.ts';
import { scoringSchema } from '../../selection/strategies/scoring-options.ts';
import type { StrategyOptions } from '../../selection/strategies/strategy.ts';
import { takesScores } from '../../selection/strategies/strategy-options.ts';
import { addDeclaredFlags, declaredValues, type OptionOwner } from './declared-flags.ts';

/** Adds --strategy, and a flag for every option that a strategy or a judge declares. */
export function addStrategyOptions(command: Command): Command {
  const strategies = [...STRATEGIES].map(({ name, summary }) => `${name} (${summary})`).join('; ');
  const scored = [...STRATEGIES].filter(takesScores).map(({ name }) => name);
  const defaults = `default: ${defaultStrategy(false)}, or ${defaultStrategy(true)} with --provider`;
  command.option('--strategy <name>', `${strategies} (${defaults})`);
  addDeclaredFlags(command.optionsGroup(`Scores, for ${scored.join(', ')}:`), scoringOwners());
  return addDeclaredFlags(command.optionsGroup('Options of single strategies:'), strategyOwners());
}

/** The options of strategies among the parser's values, where they are given. */
export function toStrategyOptions(flags: Readonly<Record<string, unknown>>): StrategyOptions {
  return declaredValues([...scoringOwners(), ...strategyOwners()], flags) as StrategyOptions;
}

/** Who judges, and the options of each judge. */
export function scoringOwners(): OptionOwner[] {
  return [{ options: scoringSchema }, ...JUDGES];
}

function strategyOwners(): OptionOwner[] {
  return [...STRATEGIES].map(({ name, options }) => {
    const own = Object.entries(options.shape).filter(([option]) => !(option in scoringSchema.shape));
    return { name, options: z.object(Object.fromEntries(own)) };
  });
}
