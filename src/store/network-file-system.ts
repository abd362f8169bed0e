import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync, statfsSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname, resolve, win32 } from 'node:path';
import { StateError } from '../domain/errors.ts';

/** By the number that Linux gives them. Source: statfs(2), linux/magic.h */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
  [0x564c, 'NCP'],
  [0x73757245, 'Coda'],
  [0x6b414653, 'AFS'],
  [0xaad7aaea, 'PanFS'],
  [0x20030528, 'OrangeFS'],
  [0x786f4256, 'vboxsf'],
  [0xbacbacbc, 'vmhgfs'],
]);
/** Of FUSE, by the type of the mount: other machines may write there too. */
const NETWORK_FUSE =
  /^fuse\.(?:sshfs|s3fs|gcsfuse|goofys|rclone|glusterfs|ceph.*|davfs.*|curlftpfs|juicefs|smbnetfs|nfs.*|s3.*|mountpoint-s3|blobfuse.*|mfs|moosefs|seaweedfs|hdfs|fuse_dfs|alluxio.*|gvfsd-fuse|vmhgfs-fuse|google-drive-.*|onedriver|beegfs)$/;

/** How a mount names its source where that is another machine: `host:/path`, `//host/share`, `user@host:path`, `s3://bucket`. */
const REMOTE_SOURCE = /^(?:\/\/|[\w.-]+@[\w.-]+:|[\w.-]{2,}:\/|\[[\da-f:]+\]:\/)/i;
/** `\\server\share`, but no device such as `\\?\C:`. */
const SHARE = /^\\\\[^\\?.]/;

/** What is known of where a file is. */
export interface FileSystemFacts {
  /** What Linux calls its file system; 0 elsewhere. */
  readonly type: number;
  /** The text of /proc/self/mounts, or what `mount` prints; absent where there is neither. */
  readonly mounts?: string | undefined;
  /** Windows: its folder without drive letters that stand for a share, links and junctions. */
  readonly folder?: string | undefined;
}

interface Mount {
  readonly source: string;
  readonly place: string;
  readonly kind: string;
  readonly isLocal: boolean;
}

/**
 * Locks and SQLite's shared memory hold on one machine only. On a file system that others may write to as well, two of
 * them could spend one budget twice.
 * @throws StateError
 */
export function refuseNetworkFileSystem(path: string, facts = fileSystemFacts(path)): void {
  const name = networkFileSystem(path, facts);
  if (name === undefined) return;
  throw new StateError('STATE_UNREADABLE', `${path} is on a network file system (${name}), where locks are not safe.`, {
    hint: 'Keep the state on a local disk while winnow runs, and copy it when it has ended.',
    data: { file: path },
  });
}

/**
 * The name of the network file system that a path is on; undefined for a local one. Linux: by the number of its type and,
 * where that is not known, by the type and the source of its mount. macOS and BSD: any mount that is not called local.
 * Windows: paths that begin with a server, also behind a drive letter.
 */
export function networkFileSystem(
  path: string,
  { type, mounts = '', folder = '' }: FileSystemFacts,
): string | undefined {
  if (SHARE.test(path) || SHARE.test(folder)) return 'a share of a server';
  const known = NETWORK_TYPES.get(type);
  if (known !== undefined) return known;
  const deepest = mounts
    .split('\n')
    .flatMap((line) => readMount(line) ?? [])
    .filter(({ place }) => `${resolve(path)}/`.startsWith(place === '/' ? place : `${place}/`))
    .sort((a, b) => a.place.length - b.place.length)
    .at(-1);
  if (deepest === undefined) return undefined;
  const { kind, source, isLocal } = deepest;
  return NETWORK_FUSE.test(kind) || REMOTE_SOURCE.test(source) || !isLocal ? kind : undefined;
}

function readMount(line: string): Mount | undefined {
  const [, named, on, options] = /^(.+?) on (\/.*) \(([^()]+)\)$/.exec(line) ?? [];
  if (options !== undefined) {
    const [kind = '', ...flags] = options.split(/,\s*/);
    return { source: named!, place: on!, kind, isLocal: flags.includes('local') };
  }
  const [source = '', place = '', kind = ''] = line.split(' ').map((part) => part.replaceAll('\\040', ' '));
  return place === '' ? undefined : { source, place, kind, isLocal: true };
}

/** @param realPath as the system resolves it: on Windows, what a drive letter stands for */
export function fileSystemFacts(
  path: string,
  system = platform(),
  realPath: (folder: string) => string = realpathSync.native,
): FileSystemFacts {
  if (system === 'win32') return { type: 0, folder: realPath(win32.dirname(win32.resolve(path))) };
  if (system !== 'linux') return { type: 0, mounts: execFileSync('mount', { encoding: 'utf8' }) };
  const { type } = statfsSync(dirname(resolve(path)));
  return { type, mounts: readFileSync('/proc/self/mounts', 'utf8') };
}
