import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedExpertScorer } from '../../../../src/selection/judges/expert/scorer-file.ts';

const scorer = shippedExpertScorer();
const ANSWER =
  'Here\'s a plan - in short:\n- "Start" early, and rest.\n- Don\'t skip meals: eat fruit, nuts and bread.\nIt takes 1/2 an hour.';
const QUESTION = { instruction: "Give me a plan for a day's hike." };

/** The same answer as other programs would store it. */
const SPELLINGS: readonly (readonly [string, (text: string) => string])[] = [
  ['escaped line ends', (text) => text.replaceAll('\n', '\\n')],
  ['doubly escaped line ends', (text) => text.replaceAll('\n', '\\\\n')],
  ['empty lines', (text) => text.replaceAll('\n', ' \n\n')],
  ['curly quotes', (text) => text.replaceAll("'", '’').replace(/"(\w+)"/g, '“$1”')],
  ['escaped curly quotes', (text) => text.replaceAll("'", '\\u2019')],
  ['escaped quotes', (text) => text.replaceAll('"', '\\"')],
  ['bullets', (text) => text.replaceAll('\n- ', '\n• ')],
  ['dashes', (text) => text.replaceAll(' - ', ' – ')],
  ['a vulgar fraction', (text) => text.replace('1/2', '½')],
  ['emphasis', (text) => text.replace('Start', '**Start**')],
  ['spaces at the end', (text) => `${text} \n `],
  ['no-break and zero-width spaces', (text) => text.replaceAll(' ', '\u00a0').replace('rest', 're\u200bst')],
];

describe('the scorer that ships', () => {
  it.each(SPELLINGS)('scores a response with %s the same', (_, spelled) => {
    expect(spelled(ANSWER)).not.toBe(ANSWER);
    expect(scorer.score({ ...QUESTION, response: spelled(ANSWER) })).toBe(
      scorer.score({ ...QUESTION, response: ANSWER }),
    );
  });

  it('scores a response the same for any mixture of spellings', () => {
    fc.assert(
      fc.property(fc.subarray([...SPELLINGS.keys()]), (chosen) => {
        const response = chosen.reduce((text, i) => SPELLINGS[i]![1](text), ANSWER);
        expect(scorer.score({ ...QUESTION, response })).toBe(scorer.score({ ...QUESTION, response: ANSWER }));
      }),
    );
  });

  it('treats "<noinput>" as no input', () => {
    const bare = scorer.score({ ...QUESTION, response: ANSWER });
    expect(scorer.score({ ...QUESTION, input: '<noinput>', response: ANSWER })).toBe(bare);
  });

  it('has a finite score and a reason for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\ud800', '\u0000', 'a\ud83d b', '\u202e', '👍'),
    );
    fc.assert(
      fc.property(text, text, text, (instruction, input, response) => {
        const item = { instruction, input, response: `x${response}` };
        expect(scorer.score(item)).toSatisfy(Number.isFinite);
        const { share, reason } = scorer.appraise(item);
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThan(1);
        expect(reason).not.toBe('');
      }),
    );
  });

  it.each(['', ' \n', '\u200b', '\\n', undefined])('scores the empty response %j below all others', (response) => {
    const item = { ...QUESTION, ...(response === undefined ? {} : { response }) };
    expect(scorer.score(item)).toBe(Number.NEGATIVE_INFINITY);
    expect(scorer.appraise(item)).toEqual({ share: 0, reason: 'Empty response' });
  });

  it('does not look at the middle of megabytes', () => {
    const long = (middle: string) =>
      `${'Begin well. '.repeat(1000)}${middle.repeat(500_000)}${' End well.'.repeat(1000)}`;
    const score = (middle: string) => scorer.score({ ...QUESTION, response: long(middle) });
    expect(score('night ')).toBe(score('day, '));
  });

  it('prefers an answer to a refusal, an echo, a repetition and one word', () => {
    const score = (response: string) => scorer.score({ ...QUESTION, response });
    for (const worse of [
      "I'm sorry, but I cannot help with that.",
      QUESTION.instruction,
      `${ANSWER}\n${ANSWER}`,
      'Walk.',
    ]) {
      expect(score(ANSWER)).toBeGreaterThan(score(worse));
    }
  });

  it('names the strengths and weaknesses of a response', () => {
    expect(scorer.appraise({ ...QUESTION, response: 'Walk.' }).reason).toMatch(/little content/i);
    expect(scorer.appraise({ ...QUESTION, response: ANSWER }).reason).toMatch(/well formatted/i);
  });
});
