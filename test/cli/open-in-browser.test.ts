import { describe, expect, it } from 'vitest';
import { hasScreen, openInBrowser } from '../../src/cli/open-in-browser.ts';

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

  it('not if the output goes through a pipe', async () => {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
    // An address that would fail to open, and say so.
    await openInBrowser({ stdout: stream, stderr: stream, environment: { DISPLAY: ':0' } }, 'http://127.0.0.1:1/');
    expect(written).toEqual([]);
  });
});
