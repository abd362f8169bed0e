import type { Clock } from '../domain/clock.ts';
import type { Engine } from '../engine/engine.ts';
import { engineAddress } from '../engine/engine-address.ts';
import { SharedFolder } from '../engine/shared-folder.ts';
import { WINNOW_VERSION } from '../version.ts';

/** Where files of shards are by default, on every machine. */
export const ENGINE_FOLDER = '.winnow/engine';

/** How the workers of a cluster are reached. */
export interface EngineSettings {
  /** Of a Redis server, with its password. */
  readonly address: string;
  readonly folder: string;
}

export interface EngineOptions {
  readonly engine?: string | undefined;
  readonly enginePassword?: string | undefined;
  readonly engineFolder?: string | undefined;
}

/** @throws UsageError when `engine` is not an address */
export function engineSettings({ engine, enginePassword, engineFolder }: EngineOptions): EngineSettings | undefined {
  if (engine === undefined) return undefined;
  return { address: engineAddress(engine, enginePassword), folder: engineFolder ?? ENGINE_FOLDER };
}

/** An engine that is connected to when it is first needed: a run whose vectors are all cached needs none. */
export class LateEngine {
  readonly #settings: EngineSettings;
  readonly #tools: { readonly clock: Clock; readonly onNote?: ((note: string) => void) | undefined };
  #engine: Promise<Engine> | undefined;

  constructor(
    settings: EngineSettings,
    tools: { readonly clock: Clock; readonly onNote?: ((note: string) => void) | undefined },
  ) {
    this.#settings = settings;
    this.#tools = tools;
  }

  /** @throws EngineError as `openRedisEngine` does */
  readonly open = (): Promise<Engine> => {
    const { address, folder } = this.#settings;
    const { clock, onNote } = this.#tools;
    this.#engine ??= import('../engine/redis-engine.ts').then(({ openRedisEngine }) =>
      openRedisEngine({ address, folder: new SharedFolder(folder), version: WINNOW_VERSION, clock, onNote }),
    );
    return this.#engine;
  };

  async close(): Promise<void> {
    await (await this.#engine?.catch(() => undefined))?.close();
  }
}
