import { conversationOf } from '../../domain/conversation.ts';
import { ReplyError, UsageError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { Criterion } from '../judges/criteria.ts';
import type { Judge, JudgedItem } from '../judges/judge.ts';
import { judgeKindFor } from '../judges/registry.ts';
import { DRAFT_PROMPT, draftedResponses } from './drafted-responses.ts';
import { itemMeasure } from './item-measure.ts';
import type { Measure, MeasureKind, MeasureSources } from './measure.ts';
import { givenResponses, type ResponseSource } from './response-source.ts';

/** A judge's score by a criterion, as a kind of measure. */
export function judgedMeasureKind(criterion: Criterion): MeasureKind {
  const { name, summary, of } = criterion;
  return {
    name,
    summary,
    of,
    needs: 'judge',
    prompts: (options, provider, judges) => {
      const judging = judgeKindFor(criterion, options, provider, judges).prompts(criterion);
      return options.draft === true && of === 'response' ? [DRAFT_PROMPT, ...judging] : judging;
    },
    open: async (options, instructions, sources) => {
      const responses =
        of === 'response' ? await responsesFor(criterion, options.draft === true, instructions, sources) : undefined;
      const kind = judgeKindFor(criterion, options, sources.providers.judging, sources.judges);
      return judgeMeasure(await kind.open(criterion, options, sources), instructions, responses);
    },
  };
}

/** @throws UsageError when no instruction has a response and drafts are off */
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
    `The ${criterion.name} of responses is judged, but none of the ${instructions.length} instructions has a response.`,
    sentence`Have the LLM write them (${option('draft')}), name their field with ${option('fields.output')}, or take scores from a field (${option('scoreField')}).`,
  );
}

/**
 * A judge's score of every instruction. For criteria of responses the source gives the responses, which may have to be
 * drafted.
 */
export function judgeMeasure(
  judge: Judge,
  instructions: readonly Instruction[],
  responses: ResponseSource | undefined,
): Measure {
  const source = judge.criterion.of === 'response' ? responses : undefined;
  const itemOf = (position: number): Omit<JudgedItem, 'response'> => {
    return conversationOf(instructions[position]!);
  };
  return itemMeasure({
    name: source === undefined ? judge.name : `${judge.name}, of ${source.name}`,
    shortName: source === undefined ? judge.shortName : `${judge.shortName}, of ${source.shortName}`,
    scale: judge.criterion.scale,
    isScore: true,
    concurrency: Math.max(judge.concurrency, source?.concurrency ?? 1),
    estimate: (position, options) => {
      if (!source) return judge.estimate(itemOf(position), options);
      return source.estimate(
        position,
        (response) => judge.estimate({ ...itemOf(position), response }, options),
        options,
      );
    },
    measure: async (position, { generation, signal }) => {
      const options = { subject: instructions[position]!.id, generation, ...(signal ? { signal } : {}) };
      const response = await source?.response(position, options);
      const item = response ? { ...itemOf(position), response: response.text } : itemOf(position);
      const responseMicroUsd = response?.costMicroUsd ?? 0;
      const { score, reason, model, costMicroUsd } = await judge.judge(item, options).catch((error: unknown) => {
        if (!(error instanceof ReplyError)) throw error;
        throw error.costing(error.costMicroUsd + responseMicroUsd);
      });
      return {
        value: score,
        reason,
        model,
        costMicroUsd: costMicroUsd + responseMicroUsd,
        ...(response?.isDraft ? { draft: response.text } : {}),
      };
    },
  });
}
