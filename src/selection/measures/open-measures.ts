import type { Instruction } from '../../domain/instruction.ts';
import type { PromptDeclaration } from '../judges/criteria.ts';
import type { Strategy, StrategyOptions } from '../strategies/strategy.ts';
import { partsOf, promptsOf } from '../strategies/strategy-needs.ts';
import type { Measure, MeasureName, MeasureSources } from './measure.ts';
import { MEASURES } from './registry.ts';

/** Opens the measures of a strategy, those of parts by `<strategy> <measure>`. @throws UsageError | PoolError like the measures */
export async function openMeasures(
  strategy: Strategy,
  options: StrategyOptions,
  instructions: readonly Instruction[],
  sources: MeasureSources,
  kinds = MEASURES,
): Promise<ReadonlyMap<MeasureName, Measure>> {
  if (strategy.parts) {
    const parts = strategy.parts(options).map(async (part) => {
      const own = await openMeasures(part.strategy, part.options, instructions, sources, kinds);
      return [...own].map(([name, measure]): [MeasureName, Measure] => [`${part.strategy.name} ${name}`, measure]);
    });
    return new Map((await Promise.all(parts)).flat());
  }
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
  // Looked up where a strategy asks: a large pool is read from the disk for it.
  return strategy.measures(options, {
    get hasResponses() {
      return options.draft === true || instructions.every(({ output }) => output !== undefined);
    },
    get hasEarlierTurns() {
      return instructions.some(({ context }) => context?.before.some(({ role }) => role === 'user') === true);
    },
  });
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

/** The prompts that a strategy uses on these instructions, for choosing and measuring. */
export function allPrompts(
  strategy: Strategy,
  options: StrategyOptions,
  instructions: readonly Instruction[],
  provider: string,
): readonly PromptDeclaration[] {
  const measuring = partsOf(strategy, options).flatMap((part) =>
    measurePrompts(measuresOf(part.strategy, part.options, instructions), part.options, provider),
  );
  return [...promptsOf(strategy, options), ...measuring];
}
