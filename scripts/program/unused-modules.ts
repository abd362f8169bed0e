import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Modules and types of tsc that nothing in the package leads to: the bundle has what they do.
 * @param folder absolute
 * @param entries modules that are started, and types that are imported, below the folder
 * @param ending of the files that are looked at: `.js` or `.d.ts`
 */
export function unusedModules(folder: string, entries: readonly string[], ending: '.js' | '.d.ts'): string[] {
  const used = new Set<string>();
  const visit = (file: string): void => {
    if (used.has(file) || !existsSync(file)) return;
    used.add(file);
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\b[\s(]*['"](\.[^'"]+)['"]/g)) {
      visit(join(dirname(file), name!).replace(/\.[jt]s$/, ending));
    }
  };
  for (const entry of entries) visit(join(folder, entry));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .filter((file) => !used.has(file));
}
