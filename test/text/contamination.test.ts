import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findContamination } from '../../src/text/contamination.ts';

const TESTS = [
  'Name the largest planet of our solar system.',
  'Why do cats purr?',
  'สรุปย่อหน้าต่อไปนี้ให้เหลือหนึ่งประโยคสั้น ๆ',
  'Given the rainfall table of the northern provinces, work out which of the twelve months was the driest and by how much.',
];
const ruleOf = (text: string, tests = TESTS) => findContamination([text], tests).get(0);

describe('findContamination', () => {
  it.each([
    ['name the largest planet of our  solar system', 0, 'same text'],
    ['“WHY DO\nCATS PURR”', 1, 'same text'],
    ['Hello! Name the largest planet of our solar system, and explain how it was found.', 0, 'contains it'],
    ['กรุณา สรุปย่อหน้าต่อไปนี้ให้เหลือหนึ่งประโยคสั้น ๆ ครับ', 2, 'shares 13 words'],
    ['Work out which of the twelve months was the driest', 3, 'is part of it'],
    [
      'Someone asked: given the rainfall table of the northern provinces, work out which of the twelve was wettest',
      3,
      'shares 13 words',
    ],
    ['Name the very largest planet of our own solar system', 0, 'shares 80 % of the words'],
  ] as const)('holds out %j', (text, test, rule) => {
    expect(ruleOf(text)).toEqual({ test, rule });
  });

  it.each([
    'Name the smallest moon of our neighbouring galaxy.',
    'Why do cats purr when they sleep?',
    'Describe the rainfall of the northern provinces.',
    'อธิบายความแตกต่างระหว่างเมฆกับหมอก',
    '',
    '?!',
  ])('keeps %j', (text) => {
    expect(ruleOf(text)).toBeUndefined();
  });

  it('keeps a question that differs in the word that counts', () => {
    const countries = ['France', 'Spain', 'Chad', 'Peru', 'Nepal', 'Japan', 'Ghana', 'Cuba'];
    const texts = countries.map((country) => `What is the capital of ${country}?`);
    expect([...findContamination(texts, ['What is the capital city of Cuba?']).keys()]).toEqual([7]);
  });

  it('takes what more than ten texts share for a template', () => {
    const template = 'You are a careful editor. Correct every error of spelling and grammar in the following text:';
    const asked = (count: number) => Array.from({ length: count }, (_, at) => `${template}\n\nSubject ${at} ${at * 7}`);
    expect(findContamination(asked(10), [`${template}\n\nSome other words entirely here`]).size).toBe(10);
    expect(findContamination(asked(11), [`${template}\n\nSome other words entirely here`]).size).toBe(0);
    // The whole test text is no template, however often it comes.
    expect(findContamination(asked(20), [template]).size).toBe(20);
  });

  it('finds every test text, wherever it stands and however it is written', () => {
    const word = fc.constantFrom(
      ...'alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima'.split(' '),
    );
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 5, maxLength: 40 }),
        fc.array(word, { maxLength: 30 }),
        fc.array(word, { maxLength: 30 }),
        (test, before, after) => {
          const text = [...before, ...test.map((one) => one.toUpperCase()), ...after].join('\n');
          expect(findContamination([text], [`${test.join(' ')}?`]).size).toBe(1);
          expect(findContamination([test.join(', ')], [text]).size).toBe(1);
        },
      ),
    );
  });

  const dolly = '../shared/data/dolly-3k.jsonl';
  it.skipIf(!existsSync(dolly))('has few false alarms on Dolly against itself (figures of docs/choosing.md)', () => {
    const texts = readFileSync(dolly, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { instruction: string; input?: string })
      .map(({ instruction, input = '' }) => `${instruction}\n${input}`);
    const tests = texts.filter((_, index) => index % 10 === 0);
    const pool = texts.filter((_, index) => index % 10 !== 0);
    expect([pool.length, findContamination(pool, tests).size]).toEqual([2_696, 25]);
  });
});
