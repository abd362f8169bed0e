import { z } from 'zod';
import { ConfigError } from '../../domain/errors.ts';
import type { OwnReading } from '../../records/reading-options.ts';
import { poolFile } from './campaign-config.ts';
import { readYaml } from './read-yaml.ts';

const KEYS = Object.keys(poolFile.shape).filter((key) => key !== 'path');

/**
 * Reads how single files are read: a YAML mapping of names or patterns to what `pool.files` of winnow.yaml can say of a
 * file. JSON is YAML too. Pure.
 * @param name of the file, for messages
 * @throws ConfigError naming the lines that are wrong
 */
export function parseMapping(text: string, name: string): Readonly<Record<string, OwnReading>> {
  const file = readYaml(text);
  if ('issues' in file) throw mappingError(name, file.issues);
  const parsed = z.record(z.string(), poolFile.omit({ path: true })).safeParse(file.value);
  if (parsed.success) return parsed.data as Readonly<Record<string, OwnReading>>;
  throw mappingError(
    name,
    parsed.error.issues.map(({ path, message }) => ({
      line: file.lineOf(path),
      message: `${path.join('.')}: ${message}`,
    })),
  );
}

function mappingError(name: string, issues: readonly { readonly line: number; readonly message: string }[]) {
  const listed = issues.slice(0, 10).map(({ line, message }) => `\n  ${line}: ${message}`);
  return new ConfigError(`${name} does not say how files are read:${listed.join('')}`, {
    hint: `Write a name or pattern, a colon and a mapping with any of ${KEYS.join(', ')}: "*.csv": { fields: { instruction: question } }`,
  });
}
