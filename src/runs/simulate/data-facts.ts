import { isShortAnswer } from '../../text/rouge-words.ts';
import type { LabeledData } from './labeled-data.ts';
import type { SimulationResult } from './simulation-result.ts';
import { drawSplit } from './split.ts';

/** What the data is, and how it is split. */
export function dataFacts(data: LabeledData, seeds: readonly number[]): SimulationResult['data'] {
  const { files, records, instructions, sizes, categories } = data;
  const shortOf = (seed: number) =>
    drawSplit(instructions.length, sizes, seed).heldOut.filter((position) =>
      isShortAnswer(instructions[position]!.output),
    ).length;
  return {
    files,
    records,
    labeled: instructions.length,
    pool: sizes.pool,
    heldOut: sizes.heldOut,
    categoryField: categories.field,
    categories: categories.count,
    shortResponses: seeds.reduce((sum, seed) => sum + shortOf(seed), 0) / seeds.length,
  };
}
