import { ReplyError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { type Judge, type JudgedItem, judgesResponse, SCALES } from '../judges/judge.ts';
import { itemMeasure } from './item-measure.ts';
import type { Measure } from './measure.ts';
import type { ResponseSource } from './response-source.ts';

/**
 * A judge's score of every instruction, by one criterion; where that is about responses, of the response the source has
 * for it, which it may have to be drafted for.
 */
export function judgeMeasure(
  judge: Judge,
  instructions: readonly Instruction[],
  responses: ResponseSource | undefined,
): Measure {
  const source = judgesResponse(judge.criterion) ? responses : undefined;
  const itemOf = (position: number): Omit<JudgedItem, 'response'> => {
    const { instruction, input } = instructions[position]!;
    return { instruction, ...(input === undefined ? {} : { input }) };
  };
  return itemMeasure({
    name: source === undefined ? judge.name : `${judge.name}, of ${source.name}`,
    shortName: source === undefined ? judge.shortName : `${judge.shortName}, of ${source.shortName}`,
    scale: SCALES[judge.criterion],
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
        throw new ReplyError(error.problem, error.costMicroUsd + responseMicroUsd);
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
