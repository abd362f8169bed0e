import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../domain/instruction.ts';
import type { LabeledExample } from '../domain/label.ts';
import type { TrainingJob, TrainingMemory } from '../trainers/trainer.ts';

/** A job of `count` examples with its files, in a folder of its own under `parent`. */
export function trainingJob(
  parent: string,
  changes: { count?: number; heldOut?: number; round?: number } = {},
): TrainingJob {
  const { count = 12, heldOut = 3, round = 2 } = changes;
  const folder = join(parent, `round ${round}`);
  mkdirSync(folder, { recursive: true });
  const examples = labeledExamples(count);
  const write = (name: string, part: readonly { readonly instruction: string; readonly response: string }[]) => {
    const lines = part.map(({ instruction, response }) =>
      JSON.stringify({ messages: [user(instruction), { role: 'assistant', content: response }] }),
    );
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  };
  return {
    round,
    key: `campaign-r${round}`,
    seed: 7,
    examples,
    trainingFile: write('training.jsonl', examples),
    heldOutFile: write('held-out.jsonl', labeledExamples(count + heldOut).slice(count)),
    folder,
  };
}

const user = (content: string) => ({ role: 'user', content });

/** The process dies at one of its saves: before it is durable, or right after. */
export class Killed extends Error {}

/** A memory that keeps notes as text, as a database would, and can kill the process that saves. */
export class TestMemory implements TrainingMemory {
  saved: string | undefined;
  saves = 0;
  /** Called with the number of each save, from 1, and what is saved. */
  kill: (save: number, notes: JsonObject) => 'before' | 'after' | undefined = () => undefined;

  load(): JsonObject | undefined {
    return this.saved === undefined ? undefined : (JSON.parse(this.saved) as JsonObject);
  }

  save(notes: JsonObject): void {
    this.saves += 1;
    const when = this.kill(this.saves, notes);
    if (when === 'before') throw new Killed('killed before a save');
    this.saved = JSON.stringify(notes);
    if (when === 'after') throw new Killed('killed after a save');
  }
}

/** `count` different examples; every third has an input. */
export function labeledExamples(count: number): LabeledExample[] {
  return Array.from({ length: count }, (_, number) => ({
    id: `it_${number}`,
    instruction: `Task ${number}: say what ${number * number} is.`,
    ...(number % 3 === 0 ? { input: `Material ${number}.` } : {}),
    response: `It is the square of ${number}.`,
  }));
}
