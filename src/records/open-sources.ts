import { PoolError } from '../domain/errors.ts';
import type { Registry } from '../domain/registry.ts';
import { expandPath } from './expand-paths.ts';
import { openSource } from './open-source.ts';
import type { PoolSource, ReadPoolOptions } from './pool-source.ts';
import { ReadingByFile } from './reading-by-file.ts';
import { ReadingLog } from './reading-log.ts';
import { ownReading } from './reading-options.ts';
import { extensionsOf, formatByName, type RecordFormat } from './record-format.ts';
import { GIVEN_RECORDS, type ReadRecord, STANDARD_INPUT, sourceName } from './record-reader.ts';
import { RECORD_FORMATS } from './registry.ts';
import { isRemote } from './remote/registry.ts';
import { copyOf, remoteFiles } from './remote/remote-files.ts';
import { takePrefix } from './source-prefix.ts';

/** One file, or what else records come from, ready to be read. */
export interface OpenedSource {
  readonly file: string;
  readonly unit: RecordFormat['unit'];
  readonly log: ReadingLog;
  readonly reading: ReadPoolOptions;
  read(): AsyncIterable<ReadRecord | ReadRecord[]>;
}

/**
 * Finds the files that sources stand for and how each is read; files on servers are downloaded.
 * @throws PoolError for a folder, pattern or address without files, or a format that is unknown; UsageError for settings
 *   that do not exist
 */
export async function openSources(
  sources: readonly PoolSource[],
  options: ReadPoolOptions,
): Promise<readonly OpenedSource[]> {
  const formats = options.formats ?? RECORD_FORMATS;
  const opened: OpenedSource[] = [];
  const byFile = new ReadingByFile(options.byFile);
  for (const source of sources) {
    if (typeof source !== 'string' || source === STANDARD_INPUT) opened.push(openedSource(source, formats, options));
    else {
      const { path, reading } = takePrefix(source);
      const own = ownReading(reading);
      const withOwn = (file: string) => ({ ...options, ...byFile.of(file), ...own });
      if (isRemote(path)) opened.push(...(await remoteSources(path, formats, withOwn)));
      else for (const file of await expandPath(path, formats)) opened.push(openedSource(file, formats, withOwn(file)));
    }
  }
  byFile.checkUsed();
  return opened;
}

/** Files on servers, downloaded where they are not here yet. */
async function remoteSources(
  address: string,
  formats: Registry<RecordFormat>,
  optionsOf: (file: string) => ReadPoolOptions,
): Promise<OpenedSource[]> {
  const { remote: access, signal, onProgress } = optionsOf(address);
  const sources: OpenedSource[] = [];
  for (const file of await remoteFiles(address, formats, { access, signal })) {
    const { path } = await copyOf(file, { access, signal, onProgress });
    sources.push(openedSource(file.name, formats, { ...optionsOf(file.name), path }, file.extension));
  }
  return sources;
}

function openedSource(
  source: PoolSource,
  formats: Registry<RecordFormat>,
  options: ReadPoolOptions,
  extension = '',
): OpenedSource {
  if (typeof source !== 'string') {
    const log = new ReadingLog(GIVEN_RECORDS, 'record');
    return { file: GIVEN_RECORDS, unit: 'record', log, reading: options, read: () => numbered(source) };
  }
  const format = formatOf(`${source}${extension}`, formats);
  const log = new ReadingLog(source, format.unit);
  const onTolerated = (what: string) => log.tolerated(what);
  const content = () => openSource(source, { ...options, onTolerated });
  const { unit } = format;
  const { signal, textItems, path = source } = options;
  return {
    ...{ file: source, unit, log, reading: options },
    read: () => format.read({ file: source, path, signal, content, onTolerated, textItems }),
  };
}

async function* numbered(records: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<ReadRecord> {
  let line = 0;
  for await (const value of records) {
    line += 1;
    yield { line, value };
  }
}

/** @throws PoolError naming the extensions that are read */
function formatOf(file: string, formats: Registry<RecordFormat>): RecordFormat {
  if (file === STANDARD_INPUT) return formats.find('jsonl');
  const { format, extension } = formatByName(file, formats);
  if (format !== undefined) return format;
  const ending = extension === '' ? 'its name has no extension' : `its extension is "${extension}"`;
  throw new PoolError(`The format of ${sourceName(file)} is unknown: ${ending}.`, {
    hint: `Name it ${extensionsOf(formats).join(', ')} (each may end in .gz), or pipe it in as JSONL and give "-" as the pool.`,
    data: { file },
  });
}
