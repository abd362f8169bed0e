import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { progressDisplay } from '../../../src/cli/output/progress.ts';

/** What is shown of events at their times, in seconds, on a stream that is a terminal or none. A total of 0 is unknown. */
function shownOf(
  events: readonly (readonly [number, number])[],
  { isTTY = false, TERM = 'xterm', width = 80, total = 100 } = {},
) {
  let nowMs = 0;
  const stream = Object.assign(new PassThrough(), { isTTY, columns: width, rows: 24 });
  const display = progressDisplay({
    stderr: stream as unknown as NodeJS.WriteStream,
    environment: { TERM },
    width,
    clock: { elapsed: () => nowMs },
  });
  for (const [seconds, done] of events) {
    nowMs = seconds * 1000;
    display.show({ phase: 'judge', done, ...(total && { total }) });
  }
  display.stop();
  return String(stream.read() ?? '');
}

const EVENTS = [
  [0, 0],
  [4, 20],
  [9, 45],
  [11, 55],
  [12, 60],
  [20, 100],
] as const;

describe('progress', () => {
  it('is a line every ten seconds and one at the end, if a bar cannot be shown', () => {
    const lines = 'Judging: 55 of 100 instructions, 5.0/s, 9.0 s left\nJudging: 100 of 100 instructions, 5.0/s\n';
    expect(shownOf(EVENTS)).toBe(lines);
    expect(shownOf(EVENTS, { isTTY: true, TERM: 'dumb' })).toBe(lines);
  });

  it.each([
    [80, 10],
    [120, 20],
  ])('is a bar on a terminal, in %i columns one of %i', (width, columns) => {
    const shown = shownOf(EVENTS, { isTTY: true, width });
    expect(shown).toContain(`${'█'.repeat(columns)} Judging: 100 of 100 instructions, 5.0/s`);
    expect(shown).not.toContain('\n');
  });

  it('is an empty bar while the total is unknown', () => {
    const shown = shownOf(EVENTS, { isTTY: true, total: 0 });
    expect(shown).toContain('░░░░░░░░░░ Judging: 100 instructions, 5.0/s');
    expect(shown).not.toContain('█');
  });
});
