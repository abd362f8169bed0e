import { createHash } from 'node:crypto';
import { pluginIdentity } from '../../plugins/plugin.ts';
import type { Categories } from '../../records/categories.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { SHORT_HASH } from '../open-run.ts';
import type { LabeledData } from './labeled-data.ts';
import { isCommand, type SimulateSettings, type Training } from './simulate-options.ts';
import type { SimulatedArm } from './simulated-arm.ts';

/** Names a cell within a simulation. */
export interface CellName {
  readonly arm: SimulatedArm;
  readonly budget: number;
  readonly seed: number;
}

/**
 * What cells and selections are stored under: all they depend on beside the labeled data. So one state serves every
 * setting, and nothing is judged or trained twice for another one.
 */
export class CellKeys {
  readonly #choosing: readonly unknown[];
  readonly #measuring: readonly unknown[];

  constructor(settings: SimulateSettings, { sizes, categories }: LabeledData, embeddings: string) {
    const plugins = pluginIdentity(settings.plugins).plugins ?? [];
    this.#choosing = [sizes.pool, sizes.heldOut, settings.dedupeThreshold, embeddings, ...[plugins].flat()];
    this.#measuring = [categoriesHash(categories), ...trainerKey(settings.trainer)];
  }

  /** Of a selection, under which its queries are kept. */
  async selection(arm: SimulatedArm, seed: number, count: number): Promise<string> {
    return JSON.stringify(['selection', await arm.identity(), seed, count, ...this.#choosing]);
  }

  async cell({ arm, budget, seed }: CellName): Promise<string> {
    const identity = await arm.identity();
    return JSON.stringify([WINNOW_VERSION, identity, budget, seed, ...this.#choosing, ...this.#measuring]);
  }
}

function trainerKey(trainer: Training): readonly unknown[] {
  if (!isCommand(trainer)) {
    return [trainer.kind, ...(Object.keys(trainer.options).length === 0 ? [] : [trainer.options])];
  }
  const { command, format, baseUrl = null, contextTokens, maxOutputTokens, temperature } = trainer;
  return [command, format, baseUrl, contextTokens, maxOutputTokens, temperature];
}

function categoriesHash({ field, of }: Categories): string | null {
  if (field === null) return null;
  const names = JSON.stringify(of.map((name) => name ?? null));
  return createHash('sha256').update(names).digest('hex').slice(0, SHORT_HASH);
}
