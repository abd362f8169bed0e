import { chmodSync, existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { hasScreen, openInBrowser } from '../../src/cli/open-in-browser.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const folder = temporaryFolder();

describe('a browser is opened', () => {
  it.each([
    ['on Linux with a screen', { DISPLAY: ':0' }, 'linux', true],
    ['on Linux under Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
    ['on Linux within Windows', { WSL_DISTRO_NAME: 'Debian' }, 'linux', true],
    ['not on Linux without a screen', {}, 'linux', false],
    ['not over SSH, though it forwards a screen', { SSH_CONNECTION: '::1 1 ::1 22', DISPLAY: ':10' }, 'linux', false],
    ['not over SSH to a Mac', { SSH_TTY: '/dev/ttys001' }, 'darwin', false],
    ['not by a job', { CI: 'true', DISPLAY: ':0' }, 'linux', false],
    ['on a Mac', {}, 'darwin', true],
    ['on Windows', {}, 'win32', true],
  ] as const)('%s', (_, environment, platform, expected) => {
    expect(hasScreen(environment, platform)).toBe(expected);
  });

  it.runIf(process.platform === 'linux')('again if Ctrl-C ended the program that was to open it', async () => {
    const [interrupted, opened] = [folder.file('interrupted'), folder.file('opened')];
    const browser = folder.write(
      'browser.sh',
      `#!/bin/sh\nmkdir ${interrupted} && kill -INT $PPID || mkdir ${opened}\n`,
    );
    chmodSync(browser, 0o755);
    // A desktop's own browser would go before $BROWSER: here is a desktop without any.
    const environment = { DISPLAY: ':0', BROWSER: browser, HOME: folder.path, XDG_DATA_DIRS: folder.path };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    try {
      const stream = { isTTY: true } as NodeJS.WriteStream;
      await openInBrowser({ stdout: stream, stderr: stream, width: 80, environment }, 'http://127.0.0.1:1/');
      await until(() => existsSync(opened), 'the second start');
    } finally {
      vi.unstubAllEnvs();
    }
    expect(existsSync(interrupted)).toBe(true);
  });

  it('not if the output goes through a pipe', async () => {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
    // An address that would fail to open, and say so.
    await openInBrowser(
      { stdout: stream, stderr: stream, width: 80, environment: { DISPLAY: ':0' } },
      'http://127.0.0.1:1/',
    );
    expect(written).toEqual([]);
  });
});
