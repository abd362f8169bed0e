import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { PoolError } from '../domain/errors.ts';
import type { Registry } from '../domain/registry.ts';
import { extensionsOf, formatByName, type RecordFormat } from './record-format.ts';

/** Files that describe a data set and are none themselves, beside those of `save_to_disk`. */
const DESCRIPTIONS = ['dataset_info.json', 'dataset_dict.json', 'state.json', 'dataset_infos.json'];

/**
 * The files that a path stands for: a file is itself, a folder all files of known formats in it, however deep, and a
 * pattern (`logs/*.jsonl`) all files that match. Sorted by name; hidden files and those that only describe a data set are
 * left out.
 * @param folder where relative paths start
 * @returns paths as the given one: relative where that is. A path that leads nowhere is returned as it is
 * @throws PoolError for a folder or pattern without any such file
 */
export async function expandPath(
  path: string,
  formats: Registry<RecordFormat>,
  folder = '.',
): Promise<readonly string[]> {
  const there = await stat(resolve(folder, path)).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) return [path];
  if (there === undefined && !/[*?[{]/.test(path)) return [path];
  const { glob, escapePath } = await import('tinyglobby');
  const isPattern = there === undefined;
  const pattern = isPattern ? path : `${escapePath(path).replace(/[/\\]+$/, '')}/**/*`;
  const found = await glob([pattern], { cwd: resolve(folder), absolute: isAbsolute(path), onlyFiles: true });
  const usable = found
    .map((name) => (isAbsolute(path) ? name : join(name)))
    .filter((name) => !DESCRIPTIONS.some((description) => name.endsWith(description)))
    .filter((name) => isPattern || formatByName(name, formats).format !== undefined)
    .sort();
  // A folder of Arrow files holds JSON about them.
  const arrow = usable.filter((name) => name.endsWith('.arrow'));
  const files = !isPattern && arrow.length > 0 ? arrow : usable;
  if (files.length > 0) return files;
  throw new PoolError(
    isPattern ? `No file matches "${path}".` : `The folder "${path}" holds no file of a known format.`,
    { hint: `Known are ${extensionsOf(formats).join(', ')}.`, data: { file: path } },
  );
}
