import { UsageError } from '../domain/errors.ts';
import type { Instruction } from '../domain/instruction.ts';
import { option, sentence } from '../domain/wording.ts';
import type { Asker } from '../models/asker.ts';
import { type Criterion, judgesResponse } from '../selection/judges/judge.ts';
import { JUDGE_PROMPTS } from '../selection/judges/llm-judge.ts';
import { DRAFT_PROMPT, draftedResponses } from '../selection/measures/drafted-responses.ts';
import { checkField, fieldMeasure } from '../selection/measures/field-measure.ts';
import { judgeMeasure } from '../selection/measures/judge-measure.ts';
import { likelihoodMeasure, poolLikelihoodMeasure } from '../selection/measures/likelihood-measure.ts';
import type { Measure, MeasureName } from '../selection/measures/measure.ts';
import { openEndednessMeasure } from '../selection/measures/open-endedness-measure.ts';
import { givenResponses, type ResponseSource } from '../selection/measures/response-source.ts';
import { type Providers, withoutLikelihoods } from '../selection/strategies/llm-use.ts';
import { type ScoringOptions, scoringOf } from '../selection/strategies/scoring-options.ts';
import type { Strategy, StrategyOptions } from '../selection/strategies/strategy.ts';
import { type JudgeSources, judgeKindFor, openJudge } from './open-judge.ts';

/** What measures are made of, each opened when it is first needed. */
export interface MeasureSources extends JudgeSources {
  readonly providers: Providers;
  /** The LLM that writes. */
  writer(): Promise<Asker>;
}

/**
 * Opens what a strategy measures by.
 * @throws UsageError | PoolError as `openMeasure` does
 */
export async function openMeasures(
  strategy: Strategy,
  options: StrategyOptions,
  instructions: readonly Instruction[],
  sources: MeasureSources,
): Promise<ReadonlyMap<MeasureName, Measure>> {
  const names = measuresOf(strategy, options, instructions);
  const scoring = scoringOf(options);
  const opened = names.map(
    async (name): Promise<[MeasureName, Measure]> => [name, await openMeasure(name, scoring, instructions, sources)],
  );
  return new Map(await Promise.all(opened));
}

/**
 * Opens one measure, or a judge's score by a criterion no strategy goes by.
 * @throws UsageError where responses are judged, and instructions have none, and none are to be drafted; or where the
 * provider does not tell how likely prompts are
 * @throws PoolError where no record has the field that is to be gone by
 */
export async function openMeasure(
  name: MeasureName | Criterion,
  scoring: ScoringOptions,
  instructions: readonly Instruction[],
  sources: MeasureSources,
): Promise<Measure> {
  const { scoreField, scorer, draft, generations } = scoring;
  if (name === 'field') {
    checkField(
      scoreField!,
      instructions.map(({ record }) => record),
    );
    return fieldMeasure(scoreField!, instructions);
  }
  if (name === 'likelihood') return openLikelihood(instructions, sources);
  if (name === 'open-endedness') return openEndednessMeasure(await sources.writer(), instructions, generations ?? 3);
  const responses = judgesResponse(name) ? await responsesFor(name, draft === true, instructions, sources) : undefined;
  const judge = await openJudge(name, judgeKindFor(name, scoring, sources.providers.judging), sources, scorer);
  return judgeMeasure(judge, instructions, responses);
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
  measures: readonly (MeasureName | Criterion)[],
  scoring: ScoringOptions,
  provider: string,
): readonly { readonly id: string; readonly variables: readonly string[] }[] {
  return measures.flatMap((name) => {
    if (name === 'field' || name === 'likelihood' || name === 'open-endedness') return [];
    const judging = judgeKindFor(name, scoring, provider) === 'llm' ? [JUDGE_PROMPTS[name]] : [];
    return scoring.draft && judgesResponse(name) ? [DRAFT_PROMPT, ...judging] : judging;
  });
}

async function openLikelihood(instructions: readonly Instruction[], sources: MeasureSources): Promise<Measure> {
  if (sources.providers.writing === 'offline') return poolLikelihoodMeasure(instructions);
  const { likelihoods, provider } = await sources.writer();
  if (!likelihoods) throw withoutLikelihoods(provider);
  return likelihoodMeasure(likelihoods, instructions);
}

async function responsesFor(
  criterion: Criterion,
  draft: boolean,
  instructions: readonly Instruction[],
  sources: MeasureSources,
): Promise<ResponseSource> {
  const missing = instructions.filter(({ output }) => output === undefined).length;
  if (draft && missing > 0) {
    const prompt = sources.prompt(DRAFT_PROMPT.id, DRAFT_PROMPT.variables);
    return draftedResponses(await sources.writer(), prompt, instructions);
  }
  if (missing < instructions.length) return givenResponses(instructions);
  throw new UsageError(
    `The ${criterion} of responses is judged, and none of the ${instructions.length} instructions has one.`,
    sentence`Have the LLM write them (${option('draft')}), set ${option('fields.output')} to the field they are in, or give scores in a field (${option('scoreField')}).`,
  );
}
