import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { joinCampaignState } from '../../src/store/campaign-state.ts';
import { lockFile, lockState } from '../../src/store/file-lock.ts';
import { fileSystemFacts, networkFileSystem, refuseNetworkFileSystem } from '../../src/store/network-file-system.ts';
import { openReadOnly } from '../../src/store/open-database.ts';
import { openLocked } from '../../src/store/open-locked.ts';
import { refuseSeveralNames } from '../../src/store/single-name.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
/** Root may, where the system lets it. */
const MAY_MOUNT = platform() === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['--help']).status === 0;
const holderScript = fileURLToPath(new URL('hold-lock.ts', import.meta.url));

describe('lockFile', () => {
  let holder: ChildProcess | undefined;

  afterEach(() => {
    holder?.kill('SIGKILL');
  });

  async function holdElsewhere(path: string): Promise<ChildProcess> {
    holder = spawn(process.execPath, ['--import', 'tsx', holderScript, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout!, 'data');
    return holder;
  }

  it('tells a second process who holds the file, and is free as soon as the holder is killed', async () => {
    const path = folder.file('killed.db');
    const { pid } = await holdElsewhere(path);
    expect(() => lockFile(path, 0)).toThrow(
      expect.objectContaining({
        code: 'STATE_LOCKED',
        message: `${path} is in use by process ${pid} on ${hostname()}, since 1970-01-01T00:00:00.000Z.`,
        hint: expect.stringContaining('Wait for it to end'),
      }),
    );
    const exited = once(holder!, 'exit');
    holder!.kill('SIGKILL');
    await exited;
    lockFile(path, 0).release();
  });

  it('names the present holder, not one before', async () => {
    const path = folder.file('second.db');
    lockFile(path, 0).release();
    const { pid } = await holdElsewhere(path);
    expect(() => lockFile(path, 0)).toThrow(`process ${pid} on`);
  });

  it('refuses a second lock within one process too, until the first is released', () => {
    const path = folder.file('twice.db');
    const first = lockFile(path, 0);
    expect(() => lockFile(path, 0)).toThrow(`process ${process.pid} on ${hostname()}`);
    first.release();
    const second = lockFile(path, 0);
    expect(() => lockFile(path, 0)).toThrow(expect.objectContaining({ code: 'STATE_LOCKED' }));
    second.release();
  });

  it('makes the folder, and touches nothing but the lock file', () => {
    const path = folder.file('new/folder/run.db');
    lockFile(path, 0).release();
    expect(existsSync(`${path}.lock`)).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it('locks nothing for a state in memory', () => {
    const locks = [lockState(':memory:', 0), lockState(':memory:', 0)];
    expect(existsSync(':memory:.lock')).toBe(false);
    for (const lock of locks) lock.release();
  });

  it('says that a file cannot be locked where a folder on its way is a file', () => {
    const path = `${folder.write('file', '')}/run.db`;
    expect(() => lockFile(path, 0)).toThrow(expect.objectContaining({ code: 'STATE_UNREADABLE' }));
  });

  it('says that a file cannot be locked where something else has the name of its lock', () => {
    folder.write('taken.db.lock', 'not a database, and long enough to be seen as none'.repeat(30));
    expect(() => lockFile(folder.file('taken.db'), 0)).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.stringContaining('taken.db.lock') }),
    );
  });
});

describe('lockState', () => {
  it('goes by the file, not by its name: another process has it by any of them', async () => {
    const path = folder.file('named.db');
    writeFileSync(path, '');
    linkSync(path, folder.file('hard.db'));
    symlinkSync(path, folder.file('soft.db'));
    const holder = spawn(process.execPath, ['--import', 'tsx', holderScript, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    rmSync(folder.file('hard.db'));
    await once(holder.stdout!, 'data');
    linkSync(path, folder.file('hard.db'));
    // Where names that differ in case are one, as on macOS and Windows, the file has this name already.
    if (!existsSync(folder.file('NAMED.db'))) linkSync(path, folder.file('NAMED.db'));
    for (const name of ['named.db', 'hard.db', 'soft.db', 'NAMED.db']) {
      expect(() => lockState(folder.file(name), 0)).toThrow(
        expect.objectContaining({
          code: 'STATE_LOCKED',
          message: expect.stringContaining(`in use by process ${holder.pid}`),
        }),
      );
    }
    const exited = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exited;
    rmSync(folder.file('hard.db'));
    if (statSync(path).nlink > 1) rmSync(folder.file('NAMED.db'));
    lockState(folder.file('soft.db'), 0).release();
  });

  it('sees a running holder whose lock another file system hides, and only as long as it runs and holds', async () => {
    const path = folder.file('overlaid.db');
    const other = spawn(process.execPath, ['-e', "process.stdin.resume(); process.stdout.write('up')"]);
    await once(other.stdout, 'data');
    lockState(path, 0).release();
    const lock = new Database(`${path}.lock`);
    const claim = (pid: number, since: number) => {
      lock.exec('DELETE FROM holder');
      lock.prepare('INSERT INTO holder VALUES (?, ?, ?)').run(pid, hostname(), new Date(since).toISOString());
    };
    const now = Date.now() + 60_000;
    claim(other.pid!, now);
    if (platform() === 'linux') {
      expect(() => lockState(path, now)).toThrow(
        expect.objectContaining({ code: 'STATE_LOCKED', message: expect.stringContaining(`process ${other.pid} on`) }),
      );
    }
    // The number of a process that ended was given to one that began later.
    claim(other.pid!, 0);
    lockState(path, now).release();
    claim(other.pid!, now);
    other.stdin.end();
    await once(other, 'exit');
    lockState(path, now).release();
    expect(lock.prepare('SELECT count(*) FROM holder').pluck().get()).toBe(0);
    lock.close();
  });

  it('refuses a file with several hard links, beside one of which its log would be', () => {
    const path = folder.file('linked.db');
    writeFileSync(path, '');
    linkSync(path, folder.file('other.db'));
    expect(() => lockState(path, 0)).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.stringContaining('2 names (hard links)') }),
    );
    rmSync(folder.file('other.db'));
    lockState(path, 0).release();
  });
});

describe('a file that is mounted by itself', () => {
  it('is refused, because its log is beside its other name', () => {
    const path = folder.write('of its own.db', '');
    const mounts = (point: string) => `22 1 8:1 / / rw - ext4 a rw\n99 22 8:1 /x.db ${point} rw - ext4 a rw\n`;
    const escaped = realpathSync.native(path).replaceAll(' ', '\\040');
    expect(() => refuseSeveralNames(path, mounts(escaped))).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', hint: 'Mount its folder instead.' }),
    );
    refuseSeveralNames(path, mounts(`${escaped}.other`));
    refuseSeveralNames(path, '');
  });

  it.skipIf(!MAY_MOUNT)('is refused where it is used, looked at or joined', () => {
    const [path, mounted] = [folder.file('alone.db'), folder.write('mounted.db', '')];
    openLocked(path, 0, () => undefined).close();
    expect(spawnSync('mount', ['--bind', path, mounted]).status).toBe(0);
    try {
      const refused = expect.objectContaining({ message: expect.stringContaining('mounted as a single file') });
      expect(() => openLocked(mounted, 0, () => undefined)).toThrow(refused);
      expect(() => openReadOnly(mounted)).toThrow(refused);
      expect(() => joinCampaignState(mounted, { clock: systemClock, caps: {}, version: '0' })).toThrow(refused);
    } finally {
      spawnSync('umount', [mounted]);
    }
  });
});

describe('a network file system', () => {
  it.each([
    ['NFS', { type: 0x6969 }],
    ['SMB', { type: 0xfe534d42 }],
    ['Lustre', { type: 0x0bd00bd0 }],
    ['vboxsf', { type: 0x786f4256 }],
    ['fuse.blobfuse2', { type: 0x65735546, mounts: 'a /far\\040away fuse.blobfuse2 rw 0 0\n' }],
    ['fuse.sshfs', { type: 0x65735546, mounts: 'a / ext4 rw 0 0\nme@host: /far\\040away fuse.sshfs rw 0 0\n' }],
  ])('is refused: %s', (name, facts) => {
    expect(() => refuseNetworkFileSystem('/far away/run.db', facts)).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.stringContaining(`(${name})`) }),
    );
  });

  it.each([
    ['ext4', { type: 0xef53 }],
    ['one in memory', { type: 0x01021994 }],
    ['a FUSE of this machine', { type: 0x65735546, mounts: 'a / ext4 rw 0 0\nb /far fuse.mergerfs rw 0 0\n' }],
    ['a FUSE beside it', { type: 0x65735546, mounts: 'b / fuse.mergerfs rw 0 0\nc /fa fuse.sshfs rw 0 0\n' }],
    ['one that is not known', { type: 0 }],
    ['a disk of Linux', { type: 0xef53, mounts: '/dev/sda1 / ext4 rw 0 0\noverlay /far overlay rw 0 0\n' }],
    [
      'a disk of a Mac',
      { type: 0, mounts: '/dev/disk3s1 on / (apfs, sealed, local)\n/dev/disk4 on /far (hfs, local)\n' },
    ],
  ])('is not taken for one: %s', (_, facts) => {
    expect(networkFileSystem('/far/run.db', facts)).toBeUndefined();
  });

  it.each([
    ['nfs', '10.0.0.7:/export on /far (nfs, nodev, nosuid)'],
    ['smbfs', '//ada@nas/team on /far (smbfs, nodev, nosuid, mounted by ada)'],
    ['somethingnewfs', '/dev/disk9 on /far (somethingnewfs, nodev)'],
    ['fuse.newfs', 'ada@nas:work /far fuse.newfs rw 0 0'],
    ['newfs', 'nas.example.org:/export /far newfs rw 0 0'],
    ['fuse', 's3://bucket /far fuse rw 0 0'],
  ])('is refused by its mount where its type is not known: %s', (kind, mount) => {
    const mounts = `/dev/disk3s1 on / (apfs, local)\n${mount}\n`;
    expect(networkFileSystem('/far/run.db', { type: 0x65735546, mounts })).toBe(kind);
  });

  it('is refused as a share of Windows', () => {
    expect(networkFileSystem(String.raw`\\nas\team\run.db`, { type: 0 })).toBe('a share of a server');
    expect(networkFileSystem(String.raw`\\?\C:\run.db`, { type: 0 })).toBeUndefined();
  });

  it('is refused behind a drive letter of Windows', () => {
    const shares = new Map([[String.raw`Z:\work`, String.raw`\\nas\team\work`]]);
    const facts = (path: string) => fileSystemFacts(path, 'win32', (folder) => shares.get(folder) ?? folder);
    const onShare = String.raw`Z:\work\run.db`;
    expect(() => refuseNetworkFileSystem(onShare, facts(onShare))).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE' }),
    );
    const onDisk = String.raw`C:\work\run.db`;
    expect(networkFileSystem(onDisk, facts(onDisk))).toBeUndefined();
  });
});
