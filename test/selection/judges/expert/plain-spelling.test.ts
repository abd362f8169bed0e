import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainInput, plainSpelling } from '../../../../src/selection/judges/expert/plain-spelling.ts';

describe('plain spelling', () => {
  it.each([
    ['literal line ends', String.raw`One.\nTwo.\n\nThree.`, 'One.\nTwo.\nThree.'],
    ['literal escapes of characters', String.raw`the caf\u00e9\u2019s menu`, "the café's menu"],
    ['a character of two escapes', String.raw`\ud83e\udd58`, '🥘'],
    ['escaped quotes', String.raw`say \"yes\"`, 'say "yes"'],
    ['doubled backslashes', String.raw`One.\\nTwo \\"x\\"`, 'One.\nTwo "x"'],
    [
      'formulas, whose backslashes are no escapes',
      String.raw`$\\frac{4 \\times 4}{3}$ \neq 1`,
      '$frac{4 times 4}{3}$ neq 1',
    ],
    ['curly quotes', '“It’s”', '"It\'s"'],
    ['dashes', 'a – b — c − d', 'a - b - c - d'],
    ['an ellipsis', 'well…', 'well...'],
    ['bullets of every kind', '• one\n* two\n– three\n- four', '- one\n- two\n- three\n- four'],
    ['numbers of lists', '1) one\n2. two', '1. one\n2. two'],
    ['emphasis, headings and fences', '## Title\n**Bold** text\n```js\ncode\n```', 'Title\nBold text\ncode'],
    ['spaces and empty lines', 'a  b\u00a0c \n \n\n d\u200b ', 'a b c\nd'],
    ['fractions and signs', '½ × 2', '1/2 x 2'],
  ])('undoes %s', (_, text, plain) => {
    expect(plainSpelling(text)).toBe(plain);
  });

  it.each(['<noinput>', '`<noinput>`', '<No Input>', 'No input.', 'None', 'N/A', '  ', undefined])(
    'takes the input %j for none',
    (input) => {
      expect(plainInput(input)).toBe('');
    },
  );

  it('keeps a real input', () => {
    expect(plainInput('No input device works.')).toBe('No input device works.');
  });

  it('does not change plain spelling again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('word', ' ', '\n', '“', '–', '…', '**', '\\n', '\\u2019', '•', '1)')),
        (parts) => {
          const plain = plainSpelling(parts.join(' x '));
          expect(plainSpelling(plain)).toBe(plain);
        },
      ),
    );
  });
});
