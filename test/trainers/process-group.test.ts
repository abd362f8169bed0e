import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasMembers, identifyProcess } from '../../src/trainers/process-group.ts';
import { until } from '../support/until.ts';
import { isRunning } from './command-lab.ts';

describe('hasMembers', () => {
  it.each(['/proc', '/no/proc'])('tells whether a group has running processes (%s)', async (proc) => {
    const child = spawn('/bin/sh', ['-c', 'exec sleep 30'], { detached: true, stdio: 'ignore' });
    await expect(hasMembers(child.pid!, proc)).resolves.toBe(true);
    const ended = once(child, 'exit');
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    await expect(hasMembers(child.pid!, proc)).resolves.toBe(false);
  });

  it('does not count a process that has ended but was not waited for', async () => {
    // A shell that becomes a program which does not wait for its child, which leads a group of its own.
    const parent = spawn('/bin/sh', ['-c', 'setsid sleep 0.2 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [group] = (await once(parent.stdout, 'data')).map((data) => Number(String(data)));
    await until(() => !isRunning(group!), 'the group to end');
    expect(() => process.kill(-group!, 0)).not.toThrow();
    await expect(hasMembers(group!)).resolves.toBe(false);
    parent.kill('SIGKILL');
  });
});

describe('identifyProcess', () => {
  it.each([
    ['by /proc', '/proc'],
    ['by ps, where there is none', '/no/proc'],
  ])('distinguishes processes %s', async (_, proc) => {
    const ourselves = await identifyProcess(process.pid, proc);
    expect(ourselves).not.toBe('');
    expect(await identifyProcess(process.pid, proc)).toBe(ourselves);
    expect(await identifyProcess(1, proc)).not.toBe(ourselves);
    expect(await identifyProcess(999_999_999, proc)).toBe('');
  });

  it.each(['/proc', '/no/proc'])(
    'counts a process as ended though its parent has not waited for it (%s)',
    async (proc) => {
      // A shell that becomes a program which does not wait for its child.
      const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [pid] = (await once(parent.stdout, 'data')).map((data) => Number(String(data)));
      await until(() => !isRunning(pid!), 'the process to end');
      expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
      await expect(identifyProcess(pid!, proc)).resolves.toBe('');
      parent.kill('SIGKILL');
    },
  );
});
