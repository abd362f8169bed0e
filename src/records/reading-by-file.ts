import { UsageError } from '../domain/errors.ts';
import { option, sentence } from '../domain/wording.ts';
import { patternExpression } from './path-pattern.ts';
import { type OwnReading, ownReading } from './reading-options.ts';

/** How each of several files is read, by name or pattern: the first that matches counts. */
export class ReadingByFile {
  readonly #entries: readonly { readonly pattern: string; readonly expression: RegExp; readonly reading: OwnReading }[];
  readonly #unused: Set<string>;

  /** @param byFile a pattern without a slash is compared with the last part of a path */
  constructor(byFile: Readonly<Record<string, OwnReading>> = {}) {
    this.#entries = Object.entries(byFile).map(([pattern, reading]) => ({
      pattern,
      expression: patternExpression(pattern.replace(/^\.\//, '')),
      reading,
    }));
    this.#unused = new Set(Object.keys(byFile));
  }

  /** How a file is read, beside what holds for all. @throws UsageError for values that do not exist */
  of(file: string): OwnReading {
    const path = file.replace(/^\.\//, '').replaceAll('\\', '/');
    const entry = this.#entries.find(({ pattern, expression }) =>
      expression.test(pattern.includes('/') ? path : path.split('/').at(-1)!),
    );
    if (entry === undefined) return {};
    this.#unused.delete(entry.pattern);
    return ownReading(entry.reading);
  }

  /** @throws UsageError for a pattern that no file matched */
  checkUsed(): void {
    const [unused] = this.#unused;
    if (unused === undefined) return;
    throw new UsageError(
      sentence`${option('byFile')} has "${unused}", which matches none of the files.`,
      'A name without a slash stands for files of that name in any folder; the first entry that matches a file counts.',
    );
  }
}
