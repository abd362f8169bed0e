import type { Command } from 'commander';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import type { StrategyOptions } from '../../selection/strategies/strategy.ts';
import { decimal, whole } from './option-values.ts';

/** Adds --strategy and the options that belong to single strategies; which knows what, they check themselves. */
export function addStrategyOptions(command: Command): Command {
  const strategies = STRATEGIES.map(({ name, summary }) => `${name} (${summary})`).join('; ');
  return command
    .option('--strategy <name>', strategies, 'selectllm')
    .optionsGroup('Choosing by scores (alpagasus, car, deita, mods, facility-location with --quality-weight):')
    .option(
      '--judge <kind>',
      'expert (the expert scorer), offline (a stand-in) or llm (default: llm with a --provider, else expert where responses are judged and offline elsewhere)',
    )
    .option('--scorer <file>', 'an expert scorer of your own, made by winnow scorer train')
    .option('--score-field <name>', 'take the score from this field of the records instead')
    .option('--draft', 'have the LLM write the responses that are missing')
    .option(
      '--threshold <t>',
      'alpagasus, mods: least score (default: 4.5, 2.5); deita: greatest cosine to what is chosen (default: 0.9)',
      decimal,
    )
    .option('--dimension <name>', 'alpagasus: accuracy or helpfulness (default: accuracy)')
    .option('--criterion <name>', 'mods: quality of instructions, or accuracy of responses (default: by the pool)')
    .option('--cover <name>', 'mods: k-center, facility-location or k-means (default: k-center)')
    .option('--top <n1>', 'car: how many of the best overall (default: as many as the count allows)', whole(0))
    .option('--per-cluster <n2>', 'car: how many of the best of each cluster (default: 1)', whole(1))
    .option('--quality-weight <a>', 'facility-location: weight of quality beside coverage (default: 0)', decimal)
    .optionsGroup('Other ways to choose:')
    .option('--partition <name>', 'selectllm: how queries are made: diverse, similar or random (default: diverse)')
    .option('--per-query <m>', 'selectllm: picks per query (default: 4)', whole(1))
    .option('--items-per-query <k>', 'selectllm: candidates a query shows (default: 20)', whole(2))
    .option('--item-tokens <n>', 'selectllm: tokens of a candidate before it is shortened (default: 400)', whole(32))
    .option('--votes <v>', 'selectllm: ask v times in different orders and merge (default: 1)', whole(1))
    .option(
      '--prefer <which>',
      'length: longest or shortest (default: longest); perplexity: high, low or middle (default: middle)',
    )
    .option('--others <n>', 'rouge: how many random others each is compared with (default: 1000)', whole(1))
    .option('--generations <n>', 'open-endedness: answers per instruction (default: 3)', whole(1));
}

/** As commander hands them over; passed on only when given. */
const STRATEGY_FLAGS = [
  'judge',
  'scorer',
  'scoreField',
  'draft',
  'threshold',
  'dimension',
  'criterion',
  'cover',
  'top',
  'perCluster',
  'qualityWeight',
  'partition',
  'perQuery',
  'itemsPerQuery',
  'itemTokens',
  'votes',
  'prefer',
  'others',
  'generations',
] as const;

export function toStrategyOptions(flags: Readonly<Record<string, unknown>>): StrategyOptions {
  const given = STRATEGY_FLAGS.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]);
  return Object.fromEntries(given) as StrategyOptions;
}
