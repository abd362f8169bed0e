import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyError } from '../../../src/domain/errors.ts';
import type { Criterion } from '../../../src/selection/judges/criteria.ts';
import { CRITERIA, NECESSITY } from '../../../src/selection/judges/criteria.ts';
import { parseJudgment as parse } from '../../../src/selection/judges/parse-judgment.ts';

const QUALITY = CRITERIA.find('quality');
const COMPLEXITY = CRITERIA.find('complexity');
const parseJudgment = (text: string, criterion: Criterion) => parse(text, criterion, { layout: 1 });
const reply = (score: unknown, reason: unknown = 'clear') => JSON.stringify({ reason, score });

describe('parseJudgment of JSON', () => {
  it.each([
    ['bare', reply(4.5), 4.5],
    ['in a code fence', `\`\`\`json\n${reply(4)}\n\`\`\``, 4],
    ['among prose', `My rating:\n${reply(0)}\nI hope this helps.`, 0],
    ['in another order, with unknown fields', '{"score": 5, "confidence": "high", "reason": "clear"}', 5],
    ['with more decimals than asked for', reply(3.25), 3.25],
  ])('reads a judgment %s', (_, text, score) => {
    expect(parseJudgment(text, QUALITY)).toEqual({ score, reason: 'clear' });
  });

  it('trims a reason, and cuts a long one at a whole character', () => {
    expect(parseJudgment(reply(4, ' so \n'), QUALITY).reason).toBe('so');
    const { reason } = parseJudgment(reply(4, `${'r'.repeat(599)}\u{1f600}`), QUALITY);
    expect(reason).toHaveLength(600);
    expect(reason.isWellFormed()).toBe(true);
  });

  it.each([...CRITERIA])('accepts both ends of the scale of $name and nothing beyond', (criterion) => {
    const { min, max } = criterion.scale;
    for (const score of [min, max]) expect(parseJudgment(reply(score), criterion).score).toBe(score);
    for (const score of [min - 1, max + 1, min - 0.001, max + 0.001, 1e9]) {
      expect(() => parseJudgment(reply(score), criterion)).toThrow(
        expect.objectContaining({ problem: `the score ${score} is not between ${min} and ${max}.` }),
      );
    }
  });

  it('accepts only whole numbers for complexity, since it uses token probabilities', () => {
    expect(parseJudgment(reply(3), COMPLEXITY).score).toBe(3);
    expect(() => parseJudgment(reply(3.5), COMPLEXITY)).toThrow(
      expect.objectContaining({ problem: 'the score 3.5 is not a whole number.' }),
    );
    expect(parseJudgment(reply(3.5), NECESSITY).score).toBe(3.5);
  });

  it.each([
    ['', 'it holds no JSON object.'],
    ['Score: 4', 'it holds no JSON object.'],
    [`${reply(4)} or ${reply(5)}`, 'its JSON cannot be parsed'],
    [reply('4'), 'it is not of the form {"reason": "…", "score": <number>}.'],
    [reply('4/5'), 'it is not of the form'],
    [reply(null), 'it is not of the form'],
    ['{"score": 1e999, "reason": "clear"}', 'it is not of the form'],
    [reply(4, null), 'it is not of the form'],
    ['{"score": 4}', 'it is not of the form'],
    [reply(4, ''), 'its reason says nothing.'],
    [reply(4, ' - … - '), 'its reason says nothing.'],
  ])('tells the model what is wrong with %j', (text, problem) => {
    expect(() => parseJudgment(text, QUALITY)).toThrow(
      expect.objectContaining({ code: 'REPLY_UNUSABLE', problem: expect.stringContaining(problem) }),
    );
  });

  it('asks for the score first when token probabilities are used', () => {
    expect(() => parseJudgment('{}', COMPLEXITY)).toThrow('{"score": <number>, "reason": "…"}');
  });

  it('gives a score on the scale with a reason, or a ReplyError with a short problem', () => {
    let understood = 0;
    const json = fc.oneof(
      fc
        .tuple(fc.double({ min: -1, max: 11, noNaN: true }), fc.string({ unit: 'binary' }))
        .map(([s, r]) => reply(s, r)),
      fc.tuple(fc.integer({ min: 0, max: 10 }), fc.lorem()).map(([s, r]) => reply(s, r)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    const text = fc.oneof(
      json,
      fc.tuple(fc.string(), json, fc.string()).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...CRITERIA), (random, criterion) => {
        try {
          const { score, reason } = parseJudgment(random, criterion);
          expect(score).toBeGreaterThanOrEqual(criterion.scale.min);
          expect(score).toBeLessThanOrEqual(criterion.scale.max);
          expect(reason.trim()).not.toBe('');
          expect(reason.isWellFormed()).toBe(true);
          understood += 1;
        } catch (error) {
          if (!(error instanceof ReplyError)) throw error;
          expect(error.problem.length).toBeLessThan(300);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(understood).toBeGreaterThan(300);
  });
});

describe('parseJudgment of a line', () => {
  const parsePlain = (text: string, criterion: Criterion) => parse(text, criterion, { layout: 2 });

  it.each([
    ['The date is wrong. | 4.5', 4.5, 'The date is wrong.'],
    ['The date is wrong.|4', 4, 'The date is wrong.'],
    ['  Two lines,\nand a sign | in it. | **3**\n', 3, 'Two lines,\nand a sign | in it.'],
    ['Clear. | 5.', 5, 'Clear.'],
    [reply(4.5), 4.5, 'clear'],
    ['```json\n{"score": 4, "reason": "clear"}\n```', 4, 'clear'],
  ])('reads the reason and then the score: %j', (text, score, reason) => {
    expect(parsePlain(text, QUALITY)).toEqual({ score, reason });
  });

  it('reads the score first where token probabilities are used', () => {
    expect(parsePlain('4 | several steps | and more', COMPLEXITY)).toEqual({
      score: 4,
      reason: 'several steps | and more',
    });
    expect(() => parsePlain('several steps | 4', COMPLEXITY)).toThrow('"<score> | <reason>"');
  });

  it.each([
    ['', 'it is not of the form "<reason> | <score>".'],
    ['4', 'it is not of the form'],
    ['Clear. 4', 'it is not of the form'],
    ['Clear. | 4/5', 'it is not of the form'],
    ['Clear. | 4 or 5', 'it is not of the form'],
    ['Clear. | four', 'it is not of the form'],
    ['Clear. | 4 | because', 'it is not of the form'],
    ['| 4', 'its reason says nothing.'],
    [' - … - | 4', 'its reason says nothing.'],
    ['Clear. | 6', 'the score 6 is not between 0 and 5.'],
    ['Clear. | -1', 'the score -1 is not between 0 and 5.'],
    ['{"score": 4}', 'it is not of the form {"reason": "…", "score": <number>}.'],
  ])('tells the model what is wrong with %j', (text, problem) => {
    expect(() => parsePlain(text, QUALITY)).toThrow(
      expect.objectContaining({ code: 'REPLY_UNUSABLE', problem: expect.stringContaining(problem) }),
    );
  });

  it('accepts only whole numbers for complexity', () => {
    expect(() => parsePlain('3.5 | clear', COMPLEXITY)).toThrow(
      expect.objectContaining({ problem: 'the score 3.5 is not a whole number.' }),
    );
  });

  it('gives a score on the scale with a reason, or a ReplyError with a short problem', () => {
    const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('|', ' | 4', '4 |', '\n'));
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    let understood = 0;
    fc.assert(
      fc.property(text, fc.constantFrom(...CRITERIA), (random, criterion) => {
        try {
          const { score, reason } = parsePlain(random, criterion);
          expect(score).toBeGreaterThanOrEqual(criterion.scale.min);
          expect(score).toBeLessThanOrEqual(criterion.scale.max);
          expect(reason.trim()).not.toBe('');
          understood += 1;
        } catch (error) {
          if (!(error instanceof ReplyError)) throw error;
          expect(error.problem.length).toBeLessThan(300);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(understood).toBeGreaterThan(20);
  });
});
