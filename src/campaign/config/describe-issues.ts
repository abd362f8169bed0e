import type { z } from 'zod';
import { nearestWord, sameWord } from '../../domain/nearest-word.ts';
import { allowedValues } from './allowed-values.ts';
import { type ConfigIssue, harmless, shown } from './config-issue.ts';
import { configJsonSchema, type OptionSchema, schemaAt } from './config-json-schema.ts';
import type { YamlMapping } from './read-yaml.ts';

type ZodIssue = z.core.$ZodIssue;

/** Describes what the schema found, with the names of the file, the line and the allowed values. */
export function describeIssues(issues: readonly ZodIssue[], file: YamlMapping): ConfigIssue[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          line: file.lineOf([...issue.path, key]),
          message: unknownKey(key, issue.path, file),
        }))
      : [{ line: file.lineOf(issue.path), message: wrongValue(issue, file) }],
  );
}

function wrongValue(issue: ZodIssue, file: YamlMapping): string {
  const name = dotted(issue.path);
  if (issue.code === 'custom') return `${name} ${issue.message}`;
  const schema = schemaAt(issue.path, file.value);
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    file.value,
  );
  const must = schema ? `it ${schema.enum ? 'is' : 'must be'} ${allowedValues(schema)}` : harmless(issue.message);
  if (value === undefined) return `${name} is missing; ${must}`;
  if (value === null) return `${name} is empty; ${must}. Set it or remove the line`;
  // An address may hold a password.
  if (schema?.format === 'uri' && typeof value === 'string') return `${name} must be ${allowedValues(schema)}`;
  return `${name} is ${shown(value)}; ${must}${didYouMean(value, schema?.enum)}`;
}

function unknownKey(key: string, parent: readonly PropertyKey[], file: YamlMapping): string {
  const place = parent.length === 0 ? '' : ` in ${dotted(parent)}`;
  const unknown = `unknown key "${harmless(key)}"${place}`;
  if (/api.?key|secret|password|token$/i.test(key)) {
    return `${unknown}; keys of providers and tools come from the environment, not from this file`;
  }
  const known = Object.keys(schemaAt(parent, file.value)?.properties ?? {});
  const suggestion = didYouMean(key, known);
  if (suggestion !== '') return `${unknown}${suggestion}`;
  const homes = homesOf(key, configJsonSchema());
  return homes.length > 0
    ? `${unknown}; it belongs under ${homes.join(' or ')}`
    : `${unknown}; the keys there are ${known.join(', ')}`;
}

/** Where else a key of this name stands, as dotted paths of the mappings that have it. */
function homesOf(key: string, schema: OptionSchema, path = ''): string[] {
  const properties = Object.entries(schema.properties ?? {});
  const here = path !== '' && properties.some(([name]) => sameWord(name, key)) ? [path] : [];
  return [
    ...here,
    ...properties.flatMap(([name, below]) => homesOf(key, below, path === '' ? name : `${path}.${name}`)),
  ];
}

function didYouMean(value: unknown, known: readonly (string | number)[] = []): string {
  const meant = typeof value === 'string' ? nearestWord(value, known.map(String)) : undefined;
  return meant === undefined ? '' : `. Did you mean "${meant}"?`;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`),
    '',
  );
}
