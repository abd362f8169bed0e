import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { appraise } from '../../src/models/offline/appraise.ts';
import { splitWords } from '../../src/text/words.ts';

const recordSchema = z.strictObject({
  id: z.string().regex(/^[a-z]+-\d{3}$/),
  instruction: z.string().trim().min(1),
  input: z.string().trim().min(1).optional(),
  output: z.string(),
  topic: z.string().min(1),
});
type PoolRecord = z.infer<typeof recordSchema>;

const records = readFileSync(new URL('../../data/pool.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => recordSchema.parse(JSON.parse(line)));
const tasks = records.filter(({ topic }) => topic !== 'junk');
const junk = records.filter(({ topic }) => topic === 'junk');

const textOf = ({ instruction, input }: PoolRecord) => `${instruction}\n${input ?? ''}`;
const wordsOf = (record: PoolRecord) => new Set(splitWords(textOf(record).toLowerCase()));

/** Jaccard similarity of the sets of words. */
function overlap(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / (a.size + b.size - shared);
}

function pairs(items: readonly PoolRecord[]): [PoolRecord, PoolRecord][] {
  return items.flatMap((first, i) => items.slice(i + 1).map((second): [PoolRecord, PoolRecord] => [first, second]));
}

describe('the demo pool', () => {
  it('has at least 300 tasks over at least 20 topics, at least 15 in each', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(300);
    const counts = new Map<string, number>();
    for (const { topic } of tasks) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    expect(counts.size).toBeGreaterThanOrEqual(20);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(15);
  });

  it('gives every record an id of its own', () => {
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  });

  it('answers every task and no junk', () => {
    for (const { id, output } of tasks) expect(output, id).toMatch(/\S/);
    for (const { id, output } of junk) expect(output, id).toBe('');
  });

  it('has some exact copies under other ids', () => {
    expect(tasks.length - new Set(tasks.map(textOf)).size).toBe(3);
  });

  it('has about twenty near-duplicates: the same words but for one or two', () => {
    const near = pairs(tasks).filter(
      ([a, b]) => a.topic === b.topic && textOf(a) !== textOf(b) && overlap(wordsOf(a), wordsOf(b)) >= 0.6,
    );
    expect(near.length).toBeGreaterThanOrEqual(20);
    // Written by hand: nothing else in it is a variation of something else.
    expect(near.length).toBeLessThanOrEqual(27);
  });

  it('has the kinds of junk real pools have', () => {
    const texts = junk.map(({ instruction }) => instruction);
    expect(texts.length).toBeGreaterThanOrEqual(15);
    expect(texts.some((text) => /^https?:\S+$/.test(text))).toBe(true);
    expect(texts.some((text) => /Ã|â€/.test(text))).toBe(true);
    expect(texts.some((text) => /<div\b/.test(text))).toBe(true);
    expect(texts.some((text) => /ignore all previous instructions/i.test(text))).toBe(true);
    expect(texts.some((text) => text.length < 4)).toBe(true);
  });

  it('holds easy and hard tasks in every topic', () => {
    for (const topic of new Set(tasks.map((task) => task.topic))) {
      const values = tasks.filter((task) => task.topic === topic).map((task) => appraise(task).value);
      expect(Math.min(...values), topic).toBeLessThan(0.2);
      expect(Math.max(...values), topic).toBeGreaterThan(0.4);
    }
  });

  it('lets the offline ranker tell junk from tasks', () => {
    const highestJunk = Math.max(...junk.map((record) => appraise(record).value));
    const above = tasks.filter((task) => appraise(task).value > highestJunk);
    expect(above.length).toBeGreaterThan(0.9 * tasks.length);
  });
});
