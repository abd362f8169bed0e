import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '../../src/domain/instruction.ts';
import type { TrainingMemory } from '../../src/trainers/trainer.ts';

/** A memory in a file, which several processes can share one after the other. */
export class FileMemory implements TrainingMemory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  load(): JsonObject | undefined {
    return existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, 'utf8')) as JsonObject) : undefined;
  }

  save(notes: JsonObject): void {
    writeFileSync(`${this.#path}.part`, JSON.stringify(notes));
    renameSync(`${this.#path}.part`, this.#path);
  }
}
