import type { Instruction } from '../../domain/instruction.ts';
import type { PromptDeclaration } from '../judges/criteria.ts';
import type { Strategy, StrategyOptions } from '../strategies/strategy.ts';
import type { Measure, MeasureName, MeasureSources } from './measure.ts';
import { MEASURES } from './registry.ts';

/** Opens the measures of a strategy. @throws UsageError | PoolError like the measures */
export async function openMeasures(
  strategy: Strategy,
  options: StrategyOptions,
  instructions: readonly Instruction[],
  sources: MeasureSources,
  kinds = MEASURES,
): Promise<ReadonlyMap<MeasureName, Measure>> {
  const names = measuresOf(strategy, options, instructions);
  const opened = names.map(
    async (name): Promise<[MeasureName, Measure]> => [
      name,
      await kinds.find(name).open(options, instructions, sources),
    ],
  );
  return new Map(await Promise.all(opened));
}

/** The measures of a strategy on these instructions. */
export function measuresOf(
  strategy: Strategy,
  options: StrategyOptions,
  instructions: readonly Instruction[],
): readonly MeasureName[] {
  const hasResponses = options.draft === true || instructions.every(({ output }) => output !== undefined);
  return strategy.measures(options, { hasResponses });
}

/** The prompts that measuring uses. @param provider of the LLM that judges */
export function measurePrompts(
  names: readonly MeasureName[],
  options: Readonly<Record<string, unknown>>,
  provider: string,
  kinds = MEASURES,
): readonly PromptDeclaration[] {
  return names.flatMap((name) => kinds.find(name).prompts(options, provider));
}
