import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignedPeople } from '../../src/campaign/assigned-people.ts';
import type { AssignRule } from '../../src/campaign/config/assign-config.ts';
import type { Instruction } from '../../src/domain/instruction.ts';

const item = (language: string, at: number): Instruction => ({
  id: `i${at}`,
  instruction: 'Say it.',
  meta: {},
  record: { language },
  source: { file: 'pool.jsonl', line: at + 1 },
});
const items = (...languages: string[]) => languages.map(item);
const rule = (to: string[], about: Partial<AssignRule> = {}): AssignRule => ({ to, where: [], ...about });

describe('assignedPeople', () => {
  it('gives items to the people of the first rule that matches, and the others to everyone', () => {
    const rules = [rule(['Ann'], { where: ['language=de'] }), rule(['Bo', 'Cy'], { where: ['language=fr,it'] })];
    expect(assignedPeople(items('de', 'en', 'it', 'de', 'fr'), rules)).toEqual([
      ['Ann'],
      [],
      ['Bo', 'Cy'],
      ['Ann'],
      ['Bo', 'Cy'],
    ]);
    expect(assignedPeople(items('de'), [])).toEqual([[]]);
  });

  it('writes names as people enter them', () => {
    expect(assignedPeople(items('de'), [rule([' Zoe\u0308  B '])])).toEqual([['Zoë B']]);
  });

  it('shares items out evenly, not in blocks', () => {
    const half = [rule(['Ann'], { share: 0.5 }), rule(['Bo'], { share: 0.25 })];
    const given = assignedPeople(items(...Array<string>(8).fill('en')), half).map((people) => people[0] ?? '-');
    expect(given).toEqual(['Ann', 'Bo', '-', 'Ann', 'Ann', 'Bo', '-', 'Ann']);
  });

  it('gives rules without a share what is left', () => {
    const rules = [rule(['Ann'], { share: 0.5 }), rule(['Bo']), rule(['Cy'])];
    const given = assignedPeople(items(...Array<string>(40).fill('en')), rules).map(([name]) => name);
    expect(['Ann', 'Bo', 'Cy'].map((one) => given.filter((name) => name === one).length)).toEqual([20, 10, 10]);
  });

  it('keeps every share within one item at any point, for two rules', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 60 }), (share, count) => {
        const rules = [rule(['Ann'], { share }), rule(['Bo'])];
        const given = assignedPeople(items(...Array<string>(count).fill('en')), rules);
        given.forEach((_, at) => {
          const anns = given.slice(0, at + 1).filter(([name]) => name === 'Ann').length;
          expect(Math.abs(anns - share * (at + 1))).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});
