import { describe, expect, it } from 'vitest';
import { progressLine } from '../../../src/cli/output/progress-line.ts';
import { textWidth } from '../../../src/cli/output/text-width.ts';

const start = { at: 0, done: 100 };
const event = { phase: 'embed', done: 400, total: 3_000, note: '100 of 3,000 from the cache' } as const;

describe('a line of progress', () => {
  it('tells the rate since its phase began, not of what was there already, and the time that leaves', () => {
    expect(progressLine(event, start, 10_000)).toBe(
      'Embedding: 400 of 3,000 instructions, 30/s, 1 min 27 s left, 100 of 3,000 from the cache',
    );
    expect(progressLine({ phase: 'judge', done: 104, total: 108 }, start, 10_000)).toBe(
      'Judging: 104 of 108 instructions, 0.4/s, 10 s left',
    );
  });

  it('tells no rate before it can be known, and no time left at the end or towards an unknown one', () => {
    expect(progressLine({ phase: 'choose', done: 101, total: 200 }, start, 400)).toBe('Choosing: 101 of 200 queries');
    expect(progressLine({ phase: 'choose', done: 100, total: 200 }, start, 9_000)).toBe('Choosing: 100 of 200 queries');
    expect(progressLine({ phase: 'choose', done: 200, total: 200 }, start, 10_000)).toBe(
      'Choosing: 200 of 200 queries, 10/s',
    );
    expect(progressLine({ phase: 'read', done: 10_100 }, start, 10_000)).toBe('Reading: 10,100 records, 1,000/s');
  });

  it('leaves out what there is no room for: the rate, the remark, the time, and at last the end of the line', () => {
    const inRoom = (room: number) => progressLine(event, start, 10_000, room);
    expect(inRoom(84)).toBe('Embedding: 400 of 3,000 instructions, 1 min 27 s left, 100 of 3,000 from the cache');
    expect(inRoom(60)).toBe('Embedding: 400 of 3,000 instructions, 1 min 27 s left');
    expect(inRoom(40)).toBe('Embedding: 400 of 3,000 instructions');
    expect(inRoom(20)).toBe('Embedding: 400 of 3…');
    for (let room = 2; room < 100; room += 1) expect(textWidth(inRoom(room))).toBeLessThanOrEqual(room);
  });
});
