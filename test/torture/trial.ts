import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Random } from '../../src/math/random.ts';
import { LEGACY_TOKEN } from '../support/label-studio-server.ts';
import type { CliOptions } from '../support/run-cli.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';

/** One way to make life hard for the built program. All that is random comes from the seed. */
export interface Trial {
  /** How many times it does its worst in the share that every test run has. */
  readonly share: number;
  /**
   * @param times how many kills, runs or damages
   * @returns what happened, in a line
   * @throws AssertionError if a promise was broken
   */
  run(lab: TrialLab, times: number): Promise<string>;
}

export interface TrialLab {
  readonly folder: TemporaryFolder;
  readonly random: Random;
}

export const KEY = 'sk-very-secret-1234567890';

/** An empty folder for a trial. */
export function trialFolder(path: string): TemporaryFolder {
  mkdirSync(path, { recursive: true });
  const file = (name: string) => join(path, name);
  return {
    path,
    file,
    write: (name, content) => {
      writeFileSync(file(name), content);
      return file(name);
    },
  };
}

export function optionsIn(path: string, cache: string): CliOptions {
  const keys = { OPENAI_API_KEY: KEY, WINNOW_API_KEY: KEY, LABEL_STUDIO_API_KEY: LEGACY_TOKEN };
  return { cwd: path, environment: { ...keys, WINNOW_CACHE_DIR: cache } };
}

/** The first column of the first row. */
export function inState<Value>(path: string, query: string): Value {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(query).pluck().get() as Value;
  } finally {
    database.close();
  }
}
