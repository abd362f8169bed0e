import type { PromptDeclaration } from '../judges/criteria.ts';
import type { Strategy, StrategyOptions, StrategyPart } from './strategy.ts';

/** The strategies that choose: the strategy itself, or its parts. */
export function partsOf(strategy: Strategy, options: StrategyOptions): readonly StrategyPart[] {
  return strategy.parts?.(options) ?? [{ strategy, options }];
}

/** Whether it has an LLM choose. */
export function letsLlmChoose(strategy: Strategy, options: StrategyOptions): boolean {
  return partsOf(strategy, options).some((part) => part.strategy.needs.llm);
}

/** The prompts that it uses itself, apart from its measures. */
export function promptsOf(strategy: Strategy, options: StrategyOptions): readonly PromptDeclaration[] {
  return partsOf(strategy, options).flatMap((part) =>
    part.strategy.prompts.filter(({ onlyWith }) => onlyWith === undefined || part.options[onlyWith] === true),
  );
}

/**
 * The fields of the records that options name: the values of the options called …Field, but the strategy's own
 * `scoreField`, which is treated as a number.
 */
export function groupFields(strategy: Strategy, options: StrategyOptions): readonly string[] {
  const isOwnScore = (name: string) => name === 'scoreField' && strategy.parts === undefined;
  return textOptions(strategy, options, (name) => name.endsWith('Field') && !isOwnScore(name));
}

/** The files that its own options name: the values of the options whose value is a `file`. */
export function optionFiles(strategy: Strategy, options: StrategyOptions): readonly string[] {
  return textOptions(strategy, options, (_name, field) => field.meta()?.value === 'file');
}

function textOptions(
  strategy: Strategy,
  options: StrategyOptions,
  isWanted: (name: string, field: Strategy['options']['shape'][string]) => boolean,
): readonly string[] {
  return partsOf(strategy, options).flatMap((part) =>
    Object.entries(part.strategy.options.shape).flatMap(([name, field]) => {
      const value = part.options[name];
      return typeof value === 'string' && isWanted(name, field) ? [value] : [];
    }),
  );
}
