import type { LabeledExample } from '../../src/domain/label.ts';

/** `count` different examples; every third has an input. */
export function labeledExamples(count: number): LabeledExample[] {
  return Array.from({ length: count }, (_, number) => ({
    id: `it_${number}`,
    instruction: `Task ${number}: say what ${number * number} is.`,
    ...(number % 3 === 0 ? { input: `Material ${number}.` } : {}),
    response: `It is the square of ${number}.`,
  }));
}
