import { commandReference } from './command-reference.ts';
import { configReference } from './config-reference.ts';
import { environmentReference } from './environment-reference.ts';
import { errorReference } from './error-reference.ts';
import { strategyReference } from './strategy-reference.ts';

/** A part of a page that is made from the code, between two comments with its name. */
interface GeneratedPart {
  /** In docs/. */
  readonly page: string;
  readonly name: string;
  readonly make: () => string | Promise<string>;
}

export const GENERATED_PARTS: readonly GeneratedPart[] = [
  { page: 'reference/winnow.yaml.md', name: 'config reference', make: configReference },
  { page: 'reference/cli.md', name: 'commands', make: commandReference },
  { page: 'reference/cli.md', name: 'strategy options', make: strategyReference },
  { page: 'reference/environment.md', name: 'key variables', make: environmentReference },
  { page: 'troubleshooting.md', name: 'errors', make: errorReference },
];

/** The part of a page as it stands there. */
export function partOf(text: string, name: string): string {
  const [from, to] = bounds(text, name);
  return text.slice(from, to);
}

/** The page with another text for its part. */
export function withPart(text: string, name: string, part: string): string {
  const [from, to] = bounds(text, name);
  return text.slice(0, from) + part + text.slice(to);
}

function bounds(text: string, name: string): readonly [number, number] {
  const start = `<!-- ${name} -->\n`;
  const from = text.indexOf(start);
  const to = text.indexOf(`<!-- end of ${name} -->`);
  if (from < 0 || to < 0) throw new Error(`No marks of "${name}".`);
  return [from + start.length, to];
}
