import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { option, sentence, type Wording } from '../domain/wording.ts';
import type { PoolSource } from '../records/pool-source.ts';
import { isRemote } from '../records/remote/registry.ts';
import type { RemoteAccess } from '../records/remote/remote-store.ts';
import { takePrefix } from '../records/source-prefix.ts';
import { peekIdentity, type RunIdentity } from '../store/run-state.ts';
import { STATE_FOLDER } from './open-run.ts';
import type { RunSettings } from './run-options.ts';

/** Before the address of a data set, as a key of a run's identity; the value is the revision. */
const REVISION = 'revision ';
const SHORT_REVISION = 7;

/** The revisions that a run reads data sets of servers at. */
export interface PinnedRevisions {
  /** Reads each data set at the revision at which the run began. */
  readonly remote: RemoteAccess;
  /** The revisions read so far, for the identity of the run. */
  identity(): RunIdentity;
  /** What the user should know of them. */
  notes(): Wording[];
}

/**
 * A run that goes on reads each data set at the revision at which it began, so that a change on the server neither ends
 * it nor makes it pay again. Its state file says which: the named one, else, of those in the default folder, the newest
 * of a run with the same options.
 * @param options what the identity of the run says of its options, as far as it is known before a pool is read
 */
export function pinRevisions(
  kind: 'pick' | 'score' | 'simulate',
  settings: Pick<RunSettings, 'state' | 'remote'>,
  sources: readonly PoolSource[],
  options: RunIdentity = {},
): PinnedRevisions {
  const addresses = sources.flatMap((source) => (typeof source === 'string' ? [takePrefix(source).path] : []));
  const pinned = addresses.some(isRemote) ? storedRevisions(kind, settings.state, addresses, options) : new Map();
  const read = new Map<string, string>();
  return {
    remote: { ...settings.remote, revisions: pinned, onRevision: (address, revision) => read.set(address, revision) },
    identity: () => Object.fromEntries([...read].map(([address, revision]) => [`${REVISION}${address}`, revision])),
    notes: () =>
      [...read]
        .filter(([address, revision]) => !address.includes(revision))
        .map(([address, revision]) => {
          const short = revision.slice(0, SHORT_REVISION);
          return pinned.has(address)
            ? sentence`${address} is read at revision ${short}, as when this run began. To read the newest one, use another state file: ${option('state')}.`
            : `${address} is read at revision ${short}, its newest. When this run goes on, it reads the same.`;
        }),
  };
}

function storedRevisions(
  kind: string,
  state: string | undefined,
  addresses: readonly string[],
  options: RunIdentity,
): ReadonlyMap<string, string> {
  for (const path of state === undefined ? newestStates(kind) : [state]) {
    const stored = peekIdentity(path) ?? {};
    const differs = Object.entries(options).some(([key, value]) => key in stored && stored[key] !== value);
    if (state === undefined && differs) continue;
    const revisions = addresses.flatMap((address) => {
      const revision = stored[`${REVISION}${address}`];
      return typeof revision === 'string' ? [[address, revision] as const] : [];
    });
    if (revisions.length > 0) return new Map(revisions);
  }
  return new Map();
}

function newestStates(kind: string): string[] {
  try {
    const names = readdirSync(STATE_FOLDER).filter((name) => name.startsWith(`${kind}-`) && name.endsWith('.db'));
    const changed = new Map(names.map((name) => [name, statSync(join(STATE_FOLDER, name)).mtimeMs]));
    return names.sort((a, b) => changed.get(b)! - changed.get(a)!).map((name) => join(STATE_FOLDER, name));
  } catch {
    return [];
  }
}
