import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Terminal } from '../../src/cli/terminal.ts';
import { withProgress } from '../../src/cli/with-progress.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

test('a note is one line on standard error, even if its text has line breaks or escape sequences', async () => {
  const stderr = new PassThrough();
  const { signal } = new AbortController();
  const terminal: Pick<Terminal, 'environment' | 'width' | 'clock' | 'listenForInterrupts'> = {
    environment: {},
    width: 80,
    clock: new VirtualClock(),
    listenForInterrupts: () => ({ signals: { signal, abandon: signal }, close: () => undefined }),
  };
  const done = await withProgress({ ...terminal, stderr } as unknown as Terminal, async ({ onNote }) => {
    onNote('attempt 1\nof \u001b[31mthe training');
    return 'done';
  });
  stderr.end();
  expect([done, await text(stderr)]).toEqual(['done', 'attempt 1 of the training\n']);
});
