import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeResponse } from '../../../../src/selection/judges/offline/verdicts.ts';

/** A cosine at which a response counts as being on the subject. */
const ON_SUBJECT = 0.6;

function worthOf(instruction: string, response: string, { input = '', cosine = ON_SUBJECT } = {}): number {
  return judgeResponse({ instruction, input, response }, cosine).value;
}

const TIDES = 'Explain why there are two high tides a day.';
const TIDES_ANSWER =
  "The moon's gravity pulls the near ocean towards it more strongly than the Earth, and the Earth more strongly than the " +
  'far ocean. So water bulges on both sides. Each place turns through both bulges in a little more than a day, because ' +
  'the moon moves on meanwhile. The sun adds a smaller effect, which gives spring tides and neap tides.';

/** Each row: the flaw of the first response, the judge's note, the instruction, and the two responses. */
const WORSE_AND_BETTER: readonly [string, string, string, string, string][] = [
  ['says less', 'little content', TIDES, 'The moon does it.', TIDES_ANSWER],
  ['declines', 'refuses or hedges', TIDES, `As an AI language model, I cannot explain. ${TIDES_ANSWER}`, TIDES_ANSWER],
  [
    'is sorry',
    'refuses or hedges',
    TIDES,
    `I'm sorry, but I don't know. ${TIDES_ANSWER}`,
    `They do not know it. ${TIDES_ANSWER}`,
  ],
  [
    'echoes the instruction',
    'repeats the request',
    TIDES,
    TIDES,
    'Because the moon pulls the near ocean, the Earth and the far ocean unequally.',
  ],
  [
    'repeats itself',
    'repeats itself',
    TIDES,
    `${TIDES_ANSWER} ${TIDES_ANSWER} ${TIDES_ANSWER} ${TIDES_ANSWER}`,
    TIDES_ANSWER,
  ],
  ['stops in mid-sentence', 'ends mid-sentence', TIDES, TIDES_ANSWER.replace(/\.$/, ''), TIDES_ANSWER],
  [
    'stops at a joining word',
    'ends mid-sentence',
    TIDES,
    'The moon pulls the water and',
    'The moon pulls the water and land.',
  ],
  [
    'stops at the number of an item',
    'ends mid-sentence',
    'List tools.',
    '1. Saw\n2. Hammer\n3. Plane\n4.',
    '1. Saw\n2. Hammer\n3. Plane\n4',
  ],
  ['has no words', 'no words', TIDES, '…!', 'Moon!'],
  [
    'contains damaged text',
    'contains damaged text',
    TIDES,
    TIDES_ANSWER.replace('gravity', 'gravit\uFFFD'),
    TIDES_ANSWER,
  ],
  [
    'is in another script',
    'written in a different script',
    TIDES,
    'Луна притягивает ближний океан сильнее, чем саму Землю, поэтому вода поднимается с двух сторон.',
    'The moon attracts the near ocean more than the Earth itself, so that water rises on two sides of it.',
  ],
  [
    'has no code',
    'missing code',
    'Write a Python function that doubles a number.',
    'You take the number, multiply it by the factor and hand back what results.',
    'def double(number): return number * 2  # hands back what results',
  ],
  [
    'gives too few items',
    'fewer items than requested',
    'List five trees of Europe.',
    'Oak, beech.',
    'Oak, elm, fir, ash, yew.',
  ],
  [
    'gives too few items, in words',
    'fewer items than requested',
    'Name five seas.',
    'Baltic and Aegean',
    'Red, Black, Kara, White, Sulu',
  ],
  [
    'is longer than asked',
    'longer than requested',
    'In one sentence, say why the sky is blue.',
    'Air scatters light. Blue is scattered most. Red is scattered least. So the sky looks blue. At dusk it is red.',
    'Air scatters light, and blue is scattered most, red least, so the sky looks blue, while at dusk it is red.',
  ],
  [
    'has more words than asked',
    'longer than requested',
    'Describe autumn in at most 5 words.',
    'Leaves turning, mornings of fog, apples in every cellar, geese flying south, and smoke above the fields',
    'Fogbound mornings, smouldering leaves, southbound geese',
  ],
];

describe('a response', () => {
  it.each(WORSE_AND_BETTER)('scores lower when it %s', (_, note, instruction, worse, better) => {
    const [low, high] = [worse, better].map((response) => judgeResponse({ instruction, response }, ON_SUBJECT));
    expect(low!.value).toBeLessThan(high!.value);
    expect(low!.reason.toLowerCase()).toContain(note);
    expect(high!.reason.toLowerCase()).not.toContain(note);
  });

  it('scores lower the less it is related to the instruction', () => {
    const values = [0, 0.1, 0.2, 0.3, 0.4].map((cosine) => worthOf(TIDES, 'Gravity lifts it.', { cosine }));
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(new Set(values).size).toBe(values.length);
  });

  it('never gains by repeating itself', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 40 }), (words) => {
        const once = words.join(' ');
        expect(worthOf(TIDES, `${once} ${once}`)).toBeLessThanOrEqual(worthOf(TIDES, once) + 1e-12);
      }),
    );
  });

  it('gains nothing by a very long word', () => {
    expect(worthOf(TIDES, 'a'.repeat(5_000))).toBeLessThanOrEqual(worthOf(TIDES, 'a'.repeat(50)));
  });

  it('counts as related when it is taken from the material, for any embedding', () => {
    const input = 'The Telstar was sold by Ford in Asia, Australasia and Africa between 1982 and 1999.';
    const taken = worthOf('Where was it sold?', 'Asia, Australasia and Africa', { input, cosine: 0 });
    expect(taken).toBeGreaterThan(0.5);
    expect(worthOf('Where was it sold?', 'Peru, Bolivia and Chile', { input, cosine: 0 })).toBe(0);
  });

  it('may extract, restate the question, write a requested refusal, and answer in the requested language', () => {
    const input = 'The Telstar was sold by Ford in Asia, Australasia and Africa between 1982 and 1999. It had a clock.';
    const reasons = [
      judgeResponse(
        { instruction: 'Where was it sold?', input, response: 'in Asia, Australasia and Africa' },
        ON_SUBJECT,
      ),
      judgeResponse(
        {
          instruction: 'What is the largest state?',
          response: 'The largest state of them all by land area is Alaska.',
        },
        ON_SUBJECT,
      ),
      judgeResponse(
        {
          instruction: 'Write a letter that declines an invitation.',
          response:
            "I'm sorry that I cannot come to your party: my sister has her wedding on the same evening in Ghent.",
        },
        ON_SUBJECT,
      ),
      judgeResponse(
        {
          instruction: 'Translate this into Russian for me, please, and keep it formal.',
          input: 'The train leaves at noon.',
          response: 'Поезд отправляется в полдень, прошу вас не опаздывать к отправлению.',
        },
        ON_SUBJECT,
      ),
    ].map(({ reason }) => reason);
    for (const reason of reasons) expect(reason).not.toMatch(/repeats|refuses|script/i);
  });

  it('is described by its two most expensive flaws at most', () => {
    const cut = judgeResponse({ instruction: TIDES, response: TIDES_ANSWER.replace(/\.$/, '') }, 0.1);
    expect(cut.reason).toBe('Barely related to the instruction; ends mid-sentence');
    expect(judgeResponse({ instruction: TIDES, response: TIDES_ANSWER }, ON_SUBJECT).reason).toBe(
      'On topic; enough content',
    );
    expect(judgeResponse({ instruction: TIDES, response: 'The moon does it.' }, ON_SUBJECT).reason).toBe(
      'Little content',
    );
  });

  it('counts as empty when it is blank or invisible', () => {
    for (const response of ['', ' \n\t', '\0\0', '\u200B\u202E', '\u001B[31m\u001B[0m']) {
      expect(judgeResponse({ instruction: TIDES, response }, 1)).toEqual({ value: 0, reason: 'Empty response' });
    }
  });
});

describe('hostile texts', () => {
  const MEGABYTE = 2 ** 20;
  const fill = (unit: string) => unit.repeat(Math.ceil(MEGABYTE / unit.length));

  // Each would take minutes if any pattern backtracked over it; the suite's time limit is the test.
  it.each([
    ['zeros', fill('\0')],
    ['escapes', fill('\u001B[')],
    ['lone surrogates', fill('\uDC00')],
    ['right-to-left overrides', fill('\u202Eab')],
    ['stacked accents', fill('\u0301')],
    ['one word', fill('a')],
    ['spaces', `list${fill(' ')}x`],
    ['line ends', `a${fill('\n')}1`],
    ['open calls', fill('f(')],
    ['open tags', fill('<a')],
    ['open code', fill('`')],
    ['dots', fill('.')],
    ['commas', fill('as x, ')],
    ['lists', fill('list the top ')],
    ['limits', fill('in at most 1 a ')],
    ['demands', fill('write a python ')],
    ['apologies', fill("i'm ")],
    ['list marks', fill('\n1. ')],
    ['dashes', fill('list 5 a-')],
    ['markup', fill('<script>alert(1)</script>')],
    ['ligatures', fill('\uFDFA')],
  ])('of %s are judged', (_, text) => {
    const { value } = judgeResponse({ instruction: text, input: text, response: text }, 1);
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThan(0.5);
  });
});
