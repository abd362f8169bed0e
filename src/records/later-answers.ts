import type { ParsedAnswer } from './parse-with-preset.ts';
import type { PoolBuilder } from './pool-builder.ts';
import type { ReadingLog } from './reading-log.ts';

/** Answers whose requests are in other records, until all files are read. Memory: the answers. */
export class LaterAnswers {
  readonly #answers: (ParsedAnswer & { readonly line: number; readonly log: ReadingLog })[] = [];

  /** Those with a text. */
  get count(): number {
    return this.#answers.length;
  }

  add({ to, output }: ParsedAnswer, line: number, log: ReadingLog): void {
    if (output === undefined) log.leftOut('its request failed or was answered without a text', line);
    else this.#answers.push({ to, output, line, log });
  }

  /** Gives each to its request; those without one are left out and counted. O(instructions), where there are any. */
  join(builders: readonly PoolBuilder[]): void {
    if (this.#answers.length === 0) return;
    const answerings = builders.map((builder) => builder.answering());
    for (const { to, output, line, log } of this.#answers) {
      if (answerings.some((answer) => answer(to, output!)))
        log.tolerated('results were joined with their requests by id');
      else log.leftOut('it answers no request among these files', line);
    }
  }
}
