import type { Instruction } from '../domain/instruction.ts';
import type { ProviderName } from '../domain/providers.ts';
import { UsageError } from '../errors/usage-error.ts';
import { judgesResponse } from '../judges/judge.ts';
import { JUDGE_PROMPTS } from '../judges/llm-judge.ts';
import type { Asker } from '../llm/asker.ts';
import type { Measure, MeasureName } from '../strategies/measure.ts';
import { scoringOf } from '../strategies/scoring-options.ts';
import type { Strategy, StrategyOptions } from '../strategies/strategy.ts';
import { fieldMeasure } from './measures/field-measure.ts';
import { judgeMeasure } from './measures/judge-measure.ts';
import { givenResponses, type ResponseSource } from './measures/response-source.ts';
import { defaultJudge, type JudgeSources, openJudge } from './open-judge.ts';

/** What measures are made of, each opened when it is first needed. */
export interface MeasureSources extends JudgeSources {
  readonly instructions: readonly Instruction[];
  /** Who serves the LLM that judges. */
  readonly judgingProvider: ProviderName;
  /** The LLM that writes. */
  writer(): Promise<Asker>;
}

/**
 * Opens what a strategy measures by.
 * @throws UsageError where it judges responses, and instructions have none, and none are to be drafted
 */
export async function openMeasures(
  strategy: Strategy,
  options: StrategyOptions,
  sources: MeasureSources,
): Promise<ReadonlyMap<MeasureName, Measure>> {
  const { instructions, judgingProvider } = sources;
  const { judge: kind, scoreField } = scoringOf(options);
  const names = measuresOf(strategy, options, instructions);
  const opened = await Promise.all(
    names.map(async (name): Promise<[MeasureName, Measure]> => {
      if (name === 'field') return [name, fieldMeasure(scoreField!, instructions)];
      if (name === 'likelihood' || name === 'open-endedness') throw new TypeError(`There is no ${name} yet.`);
      const responses = judgesResponse(name) ? responsesFor(strategy.name, sources) : undefined;
      const judge = await openJudge(name, kind ?? defaultJudge(name, judgingProvider), sources);
      return [name, judgeMeasure(judge, instructions, responses)];
    }),
  );
  return new Map(opened);
}

/** What a strategy measures by on these instructions. */
export function measuresOf(
  strategy: Strategy,
  options: StrategyOptions,
  instructions: readonly Instruction[],
): readonly MeasureName[] {
  const hasResponses = scoringOf(options).draft === true || instructions.every(({ output }) => output !== undefined);
  return strategy.measures(options, { hasResponses });
}

/** The prompts that are used to measure. */
export function measurePrompts(
  measures: readonly MeasureName[],
  options: StrategyOptions,
  provider: ProviderName,
): readonly { readonly id: string; readonly variables: readonly string[] }[] {
  const { judge } = scoringOf(options);
  return measures.flatMap((name) => {
    if (name === 'field' || name === 'likelihood' || name === 'open-endedness') return [];
    return (judge ?? defaultJudge(name, provider)) === 'llm' ? [JUDGE_PROMPTS[name]] : [];
  });
}

function responsesFor(strategy: string, { instructions }: MeasureSources): ResponseSource {
  const missing = instructions.filter(({ output }) => output === undefined).length;
  if (missing === 0) return givenResponses(instructions);
  throw new UsageError(
    `The strategy "${strategy}" judges responses, and ${missing} of ${instructions.length} instructions have none.`,
    'Have the LLM write them with --draft, name the field they are in with --output-field, or give scores with --score-field.',
  );
}
