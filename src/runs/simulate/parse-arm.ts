import { UsageError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { MEASURES } from '../../selection/measures/registry.ts';
import { asksLlm } from '../../selection/strategies/llm-use.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import { scoringOf } from '../../selection/strategies/scoring-options.ts';
import type { Strategy, StrategyOptions } from '../../selection/strategies/strategy.ts';
import { normalizeOptions } from '../../selection/strategies/strategy-options.ts';
import type { Arm } from './simulation-result.ts';

/** An arm with its strategy. */
export interface ParsedArm {
  readonly arm: Arm;
  readonly strategy: Strategy;
}

const OPTION = /^([a-z][a-z0-9-]*)=(.*)$/is;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * Reads an arm: a strategy, then its options after colons, spelled as in the library (`perCluster`) or as on the
 * command line (`per-cluster`): `car:perCluster=2:judge=expert`. Numbers, `true` and `false` are read as such.
 * @throws UsageError naming the strategies, or the option that is wrong
 */
export function parseArm(text: string, provider: string): ParsedArm {
  const [name = '', ...given] = text.trim().split(':');
  const strategy = STRATEGIES.find(name.trim());
  const options = withArm(text, () => normalizeOptions(strategy, parseOptions(given)));
  return {
    strategy,
    arm: {
      name: text.trim(),
      strategy: strategy.name,
      options,
      sawResponses: seesResponses(strategy, options),
      asksLlm: withArm(text, () => asksLlm(strategy, options, { writing: provider, judging: provider })),
    },
  };
}

/** @throws UsageError where two are the same */
export function parseArms(texts: readonly string[], provider: string): readonly ParsedArm[] {
  if (texts.length === 0)
    throw new UsageError('No strategy is given.', sentence`Name one or more: ${option('strategies', 'a,b,c')}.`);
  const arms = texts.map((text) => parseArm(text, provider));
  const names = new Map<string, string>();
  for (const { arm } of arms) {
    const key = armKey(arm);
    const same = names.get(key);
    if (same !== undefined) {
      throw new UsageError(
        sentence`${option('strategies')} names the same arm twice: "${same}"${same === arm.name ? '' : ` and "${arm.name}"`}.`,
      );
    }
    names.set(key, arm.name);
  }
  return arms;
}

/** The same key for two arms that choose the same way. */
export function armKey({ strategy, options }: Pick<Arm, 'strategy' | 'options'>): string {
  return JSON.stringify([strategy, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** @throws UsageError where one is named twice, however it is spelled */
function parseOptions(texts: readonly string[]): StrategyOptions {
  const options = texts.map(parseOption);
  const twice = options.find(([name], index) => options.slice(0, index).some(([earlier]) => earlier === name));
  if (twice) throw new UsageError(`The option ${twice[0]} is given twice.`, 'Leave one of them out.');
  return Object.fromEntries(options);
}

function parseOption(text: string): [string, string | number | boolean] {
  const [, name, value] = OPTION.exec(text.trim()) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(
      `"${text}" is not an option of a strategy.`,
      'Write options as name=value: car:per-cluster=2.',
    );
  }
  const camelCase = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (value === 'true' || value === 'false') return [camelCase, value === 'true'];
  return [camelCase, NUMBER.test(value) ? Number(value) : value];
}

/**
 * Whether it judges responses that an unlabeled pool does not have: then it is shown the true ones, for there is nothing
 * else to judge.
 */
function seesResponses(strategy: Strategy, options: StrategyOptions): boolean {
  if (strategy.parts) return strategy.parts(options).some((part) => seesResponses(part.strategy, part.options));
  const { draft, scoreField } = scoringOf(options);
  if (draft === true || scoreField !== undefined) return false;
  return strategy.measures(options, { hasResponses: false }).some((name) => MEASURES.find(name).of === 'response');
}

function withArm<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw error.about(sentence`${option('strategies', text.trim())}`);
  }
}
