import { readFileSync, statfsSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname, resolve } from 'node:path';
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
const FUSE = 0x65735546;
/** Of FUSE, by the type of the mount: other machines may write there too. */
const NETWORK_FUSE =
  /^fuse\.(?:sshfs|s3fs|gcsfuse|goofys|rclone|glusterfs|ceph.*|davfs.*|curlftpfs|juicefs|smbnetfs|nfs.*|s3.*|mountpoint-s3|blobfuse.*|mfs|moosefs|seaweedfs|hdfs|fuse_dfs|alluxio.*|gvfsd-fuse|vmhgfs-fuse|google-drive-.*|onedriver|beegfs)$/;

/** What is known of where a file is. */
export interface FileSystemFacts {
  readonly type: number;
  /** The text of /proc/self/mounts; absent where there is none. */
  readonly mounts?: string | undefined;
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

/** The name of the network file system that a path is on; undefined for a local one. */
export function networkFileSystem(path: string, { type, mounts = '' }: FileSystemFacts): string | undefined {
  if (type !== FUSE) return NETWORK_TYPES.get(type);
  const mount = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, place = '', kind = '']) => ({ place: place.replaceAll('\\040', ' '), kind }))
    .filter(({ place }) => place !== '' && `${resolve(path)}/`.startsWith(place === '/' ? place : `${place}/`))
    .reduce((deepest, mount) => (mount.place.length >= deepest.place.length ? mount : deepest), {
      place: '',
      kind: '',
    });
  return NETWORK_FUSE.test(mount.kind) ? mount.kind : undefined;
}

function fileSystemFacts(path: string): FileSystemFacts {
  if (platform() !== 'linux') return { type: 0 };
  const { type } = statfsSync(dirname(resolve(path)));
  return type === FUSE ? { type, mounts: readFileSync('/proc/self/mounts', 'utf8') } : { type };
}
