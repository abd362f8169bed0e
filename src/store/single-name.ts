import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { StateError } from '../domain/errors.ts';

const MOUNTS = '/proc/self/mountinfo';
/** In a line of it. Source: proc_pid_mountinfo(5) */
const MOUNT_POINT = 4;

/**
 * SQLite keeps its log beside the name that a file was opened by: opened by another name, the file lacks what is in the
 * log, and the log is replayed later over what was written meanwhile. Links that name a file are followed and do no
 * harm; hard links, and files that are mounted by themselves, do.
 * @param mounts the text of /proc/self/mountinfo; empty where there is none
 * @throws StateError
 */
export function refuseSeveralNames(path: string, mounts = readMounts()): void {
  const { nlink } = statSync(path, { bigint: true });
  if (nlink > 1n) {
    throw new StateError(
      'STATE_UNREADABLE',
      `${path} has ${nlink} names (hard links). Opening it by several would damage it.`,
      { hint: 'Remove the other names, or copy the file and use the copy.', data: { file: path } },
    );
  }
  if (!isMountPoint(realpathSync.native(path), mounts)) return;
  throw new StateError(
    'STATE_UNREADABLE',
    `${path} is mounted as a single file. The files that SQLite keeps beside it are missing here.`,
    { hint: 'Mount its folder instead.', data: { file: path } },
  );
}

function readMounts(): string {
  return existsSync(MOUNTS) ? readFileSync(MOUNTS, 'utf8') : '';
}

function isMountPoint(path: string, mounts: string): boolean {
  return mounts
    .split('\n')
    .some(
      (line) => line.split(' ')[MOUNT_POINT]?.replace(/\\(\d{3})/g, (_, octal: string) => fromOctal(octal)) === path,
    );
}

function fromOctal(octal: string): string {
  return String.fromCharCode(Number.parseInt(octal, 8));
}
