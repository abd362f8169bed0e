import type { Command } from 'commander';
import { ENGINE_FOLDER } from '../../runs/late-engine.ts';

/** Where the workers are, as commander hands it over. */
export interface EngineFlags {
  readonly engine?: string;
  readonly engineFolder?: string;
}

export function addEngineOptions(command: Command): Command {
  return command
    .option('--engine <address>', 'embed on the workers of a cluster: redis://host:6379 (default: here)')
    .option('--engine-folder <folder>', `folder that this machine and the workers share (default: ${ENGINE_FOLDER})`);
}

/** @param environment where the password is */
export function toEngineOptions({ engine, engineFolder }: EngineFlags, environment: NodeJS.ProcessEnv) {
  return {
    engine,
    engineFolder,
    enginePassword: engine === undefined ? undefined : environment.WINNOW_ENGINE_PASSWORD,
  };
}
