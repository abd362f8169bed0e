import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyError } from '../../../../src/domain/errors.ts';
import { jsonLines } from '../../../../src/selection/strategies/select-llm/json-lines.ts';

const IDS = ['ab2c', 'k9xz', 'mn4p', 'qr7s', 'tt3v', 'wy8e'];
const idSet = new Set(IDS);

function reply(ids: readonly string[], reason = 'clear'): string {
  return JSON.stringify({ choices: ids.map((id) => ({ id, reason })) });
}

describe('the answer to candidates in JSON', () => {
  it('reads the ids in their order, with their reasons', () => {
    const text = '{"choices": [{"id": "mn4p", "reason": " hard "}, {"id": "ab2c", "reason": ""}]}';
    expect(jsonLines.parse(text, idSet, 2)).toEqual([
      { id: 'mn4p', reason: 'hard' },
      { id: 'ab2c', reason: '' },
    ]);
  });

  it.each([
    ['a code fence', `\`\`\`json\n${reply(['k9xz'])}\n\`\`\``],
    ['prose around it', `Sure! Here is my choice:\n\n${reply(['k9xz'])}\n\nI hope this helps.`],
    ['white space', `\n\t ${reply(['k9xz'])} \r\n`],
    ['unknown fields', '{"thoughts": "hm", "choices": [{"id": "k9xz", "reason": "clear", "score": 9}]}'],
    ['a byte order mark', `\ufeff${reply(['k9xz'])}`],
  ])('reads it in or with %s', (_, text) => {
    expect(jsonLines.parse(text, idSet, 1)).toEqual([{ id: 'k9xz', reason: 'clear' }]);
  });

  it('cuts a long reason at a whole character', () => {
    const [choice] = jsonLines.parse(reply(['ab2c'], `${'r'.repeat(299)}\u{1f600}`), idSet, 1);
    expect(choice!.reason).toHaveLength(300);
    expect(choice!.reason.isWellFormed()).toBe(true);
  });

  it.each([
    ['', 'it holds no JSON object.'],
    ['I choose the first one.', 'it holds no JSON object.'],
    ['["ab2c"]', 'it holds no JSON object.'],
    ['} nothing {', 'it holds no JSON object.'],
    [reply(['ab2c']).slice(0, 20), 'it holds no JSON object.'],
    [reply(['ab2c', 'k9xz']).slice(0, -5), 'its JSON cannot be parsed ('],
    ['{"choices" = []}', 'its JSON cannot be parsed ('],
    [`${reply(['ab2c'])} or ${reply(['k9xz'])}`, 'its JSON cannot be parsed ('],
    ['{}', 'it is not of the form {"choices": [{"id": "…", "reason": "…"}]}.'],
    ['{"choices": ["ab2c", "k9xz"]}', 'it is not of the form'],
    ['{"choices": [{"id": "ab2c"}]}', 'it is not of the form'],
    ['{"choices": {"id": "ab2c", "reason": ""}}', 'it is not of the form'],
    [reply(['nope', 'k9xz']), '"nope" is not the id of a candidate.'],
    [reply(['a', 'b', 'c', 'd', 'e', 'f']), '"a", "b", "c", "d", "e" are not ids of a candidate.'],
    [reply(['AB2C', 'k9xz']), '"AB2C" is not the id of a candidate.'],
    [reply(['__proto__', 'k9xz']), '"__proto__" is not the id of a candidate.'],
    [reply(['ab2c', 'ab2c']), 'the id "ab2c" is chosen more than once.'],
    [reply(['ab2c']), 'it has 1 choices where exactly 2 are asked for.'],
    [reply(['ab2c', 'k9xz', 'mn4p']), 'it has 3 choices where exactly 2 are asked for.'],
    [reply([]), 'it has 0 choices where exactly 2 are asked for.'],
  ])('tells the model what is wrong with %j', (text, problem) => {
    expect(() => jsonLines.parse(text, idSet, 2)).toThrow(
      expect.objectContaining({ code: 'REPLY_UNUSABLE', problem: expect.stringContaining(problem) }),
    );
  });

  it('reports the problem briefly and in whole characters, for any reply', () => {
    const replies = [
      reply([`${'x'.repeat(10_000)}`]),
      `{"choices": ${'\u{1f600}'.repeat(5_000)}}`,
      `{a\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}}`,
      reply(Array.from({ length: 1_000 }, (_, index) => `\ud83d${index}`)),
    ];
    for (const text of replies) {
      try {
        jsonLines.parse(text, idSet, 1);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(ReplyError);
        expect((error as ReplyError).problem.length).toBeLessThan(500);
        expect((error as ReplyError).problem.isWellFormed()).toBe(true);
      }
    }
  });
});

describe('the answer to candidates in JSON, given 10,000 random replies', () => {
  const id = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...IDS) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  );
  const choice = fc.record({ id, reason: fc.string({ unit: 'binary' }) });
  /** From correct to useless: exact answers, too many, too few, repeated and unknown ids. */
  const choices = fc.oneof(
    fc.shuffledSubarray(IDS, { minLength: 3, maxLength: 3 }).map((ids) => ids.map((one) => ({ id: one, reason: 'r' }))),
    fc.array(choice, { maxLength: 7 }),
  );
  const json = choices.map((list) => JSON.stringify({ choices: list }));
  const prose = fc.oneof(fc.string(), fc.lorem(), fc.constantFrom('{', '}', '```', '```json\n', '<think>{}</think>'));
  const text = fc.oneof(
    json,
    fc.tuple(prose, json, prose).map((parts) => parts.join('\n')),
    json.map((whole) => `\`\`\`json\n${whole}\n\`\`\``),
    fc
      .tuple(json, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([whole, share]) => whole.slice(0, whole.length * share)),
    fc
      .tuple(json, fc.nat(), fc.string({ minLength: 1, maxLength: 3 }))
      .map(([whole, at, noise]) => whole.slice(0, at % whole.length) + noise + whole.slice((at % whole.length) + 1)),
    fc.json({ maxDepth: 4 }),
    fc.string({ unit: 'binary' }),
  );

  it('gives exactly the count of valid, distinct picks, or a ReplyError', () => {
    let understood = 0;
    let refused = 0;
    fc.assert(
      fc.property(text, (random) => {
        try {
          const chosen = jsonLines.parse(random, idSet, 3).map((one) => one.id);
          expect(chosen).toHaveLength(3);
          expect(new Set(chosen).size).toBe(3);
          expect(chosen.every((one) => idSet.has(one) && random.includes(one))).toBe(true);
          understood += 1;
        } catch (error) {
          if (!(error instanceof ReplyError)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 10_000 },
    );
    // Both kinds of replies occurred.
    expect(understood).toBeGreaterThan(1_000);
    expect(refused).toBeGreaterThan(1_000);
  });
});
