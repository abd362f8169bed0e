import type { Instruction } from '../../domain/instruction.ts';
import { type Judge, type JudgedItem, judgesResponse, SCALES } from '../../judges/judge.ts';
import type { Measure } from '../../strategies/measure.ts';
import { itemMeasure } from './item-measure.ts';
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
    scale: SCALES[judge.criterion],
    concurrency: judge.concurrency,
    estimate: (position) => {
      if (!source) return judge.estimate(itemOf(position));
      return source.estimate(position, (response) => judge.estimate({ ...itemOf(position), response }));
    },
    measure: async (position, { generation, signal }) => {
      const options = { subject: instructions[position]!.id, generation, ...(signal ? { signal } : {}) };
      const drafted = await source?.response(position, options);
      const item = drafted ? { ...itemOf(position), response: drafted.text } : itemOf(position);
      const { score, reason, model, costMicroUsd } = await judge.judge(item, options);
      return { value: score, reason, model, costMicroUsd: costMicroUsd + (drafted?.costMicroUsd ?? 0) };
    },
  });
}
