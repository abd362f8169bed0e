import type { Conversation } from '../domain/conversation.ts';
import { embeddingText } from '../domain/instruction.ts';
import { lazyConcat, lazyMap } from '../domain/lazy-list.ts';
import { expandPath } from '../records/expand-paths.ts';
import { hashFile } from '../records/hash-file.ts';
import { type ReadingOptions, readingOf } from '../records/reading-options.ts';
import { RECORD_FORMATS } from '../records/registry.ts';
import { inFolder, isRemote } from '../records/remote/registry.ts';
import { remoteFiles, versionOf } from '../records/remote/remote-files.ts';
import type { CampaignContext } from './campaign-context.ts';

/** A configured pool file as it is now. */
export interface PendingFile {
  /** As configured, or as a configured folder, pattern or address has it. */
  readonly path: string;
  /** What it is read by; undefined for an address whose revision is noted, and all of whose files are pending themselves. */
  readonly source: string | undefined;
  /** How it is read. */
  readonly reading: ReadingOptions;
  /** Undefined where there is no such file. */
  readonly contentHash: string | undefined;
}

type KnownFiles = ReadonlyMap<string, string>;

/** In place of a content hash: the revision that an address stands for from then on. */
const REVISION = 'revision ';

/** Whether a stored file is an address whose revision was noted, and no file. */
export function isNotedRevision({ contentHash }: { readonly contentHash: string }): boolean {
  return contentHash.startsWith(REVISION);
}

/**
 * The configured files that are new or have changed since they were added, including those that never existed. A file
 * that was added and is gone now is not pending: its instructions stay in the campaign. A data set of the Hugging Face Hub
 * stays at the revision at which it was read first, and is not asked for again; other servers are asked each time.
 */
export async function pendingPoolFiles(context: CampaignContext): Promise<PendingFile[]> {
  const { folder, config, state } = context;
  const known = new Map(state.items.files().map((file) => [file.path, file.contentHash]));
  const pending = new Map<string, PendingFile>();
  for (const configured of config.pool.files) {
    const { path: pattern, ...own } = typeof configured === 'string' ? { path: configured } : configured;
    const reading = { ...readingOf(config.pool), ...own, remote: context.remote };
    const files = isRemote(pattern)
      ? await filesOnServer(pattern, reading, known, context)
      : await filesHere(pattern, reading, folder);
    for (const file of files) {
      const isMissed = file.contentHash === undefined && !known.has(file.path);
      const isChanged = file.contentHash !== undefined && file.contentHash !== known.get(file.path);
      if (isMissed || isChanged) pending.set(file.path, file);
    }
  }
  return [...pending.values()];
}

async function filesHere(pattern: string, reading: ReadingOptions, folder: string): Promise<PendingFile[]> {
  const paths = await expandPath(pattern, RECORD_FORMATS, folder);
  return Promise.all(
    paths.map(async (path) => {
      const source = inFolder(folder, path);
      return { path, source, reading, contentHash: await hashFile(source) };
    }),
  );
}

async function filesOnServer(
  address: string,
  reading: ReadingOptions,
  known: KnownFiles,
  { signal, onNote, onProgress }: CampaignContext,
): Promise<PendingFile[]> {
  if (known.get(address)?.startsWith(REVISION)) return [];
  const access = reading.remote;
  try {
    const files = await remoteFiles(address, RECORD_FORMATS, { access, signal });
    const pending: PendingFile[] = [];
    for (const file of files) {
      const contentHash = await versionOf(file, { access, signal, onProgress });
      pending.push({ path: file.name, source: file.address, reading, contentHash });
    }
    const revision = files[0]?.revision;
    if (revision !== undefined) {
      pending.push({ path: address, source: undefined, reading, contentHash: `${REVISION}${revision}` });
    }
    return pending;
  } catch (error) {
    signal?.throwIfAborted();
    if (!isKnown(address, known)) throw error;
    onNote(`Could not check ${withoutQuery(address)} for new records: ${(error as Error).message}`);
    return [];
  }
}

/** Whether anything was read from an address before. */
function isKnown(address: string, known: KnownFiles): boolean {
  const start = withoutQuery(address).replace(/[*?[{].*$/, '');
  return [...known.keys()].some((path) => path.startsWith(start));
}

function withoutQuery(address: string): string {
  return /^https?:/i.test(address) ? address.replace(/[?#].*$/, '') : address;
}

/**
 * The cost of vectors that are still missing, for the pool and the texts models are tested with; null if none are, or
 * only such as the embedder gave no usable vector for when it was last asked.
 */
export async function unpaidVectors(context: CampaignContext) {
  const texts = lazyMap(lazyConcat<Conversation>(context.instructions(), await context.excludedItems()), embeddingText);
  const { unpaid } = await context.tools.embedder();
  return texts.length === 0 ? null : unpaid(texts, { butRefused: true });
}
