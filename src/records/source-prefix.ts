import { TURN_CHOICES } from './conversations/split-turns.ts';
import { FIELD_NAMES, type FieldRole } from './detect-fields.ts';
import type { ReadingOptions } from './reading-options.ts';

const PREFIX =
  /^((?:instruction|input|output|id|turns|encoding|from)=[^,:]+(?:,(?:instruction|input|output|id|turns|encoding|from)=[^,:]+)*):(.+)$/;

/**
 * Takes how a file is to be read from before its path: `instruction=question,output=answer:faq.csv`. A path without such
 * words is returned as it is.
 */
export function takePrefix(source: string): { readonly path: string; readonly reading: ReadingOptions } {
  const [, prefix, path] = PREFIX.exec(source) ?? [];
  if (prefix === undefined || path === undefined) return { path: source, reading: {} };
  const pairs = prefix.split(',').map((pair) => pair.split('=', 2) as [string, string]);
  const fields = Object.fromEntries(pairs.filter(([name]) => isRole(name)));
  const turns = TURN_CHOICES.find((choice) => pairs.some(([name, value]) => name === 'turns' && value === choice));
  const from = pairs.find(([name]) => name === 'from')?.[1];
  const encoding = pairs.find(([name]) => name === 'encoding')?.[1];
  return {
    path,
    reading: {
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(turns === undefined ? {} : { turns }),
      ...(encoding === undefined ? {} : { encoding }),
      ...(from === undefined ? {} : { from }),
    },
  };
}

function isRole(name: string): name is FieldRole {
  return Object.hasOwn(FIELD_NAMES, name);
}
