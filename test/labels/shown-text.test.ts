import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/domain/conversation.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES } from '../../src/labels/registry.ts';
import { showsItem } from '../../src/labels/shown-text.ts';
import { hostileText } from '../../src/testing/label-tasks.ts';

const LETTER: Conversation = { instruction: 'Translate the letter.', input: 'Dear "Ann" & <Bo>,\nI’m fine.' };
const CHAT: Conversation = {
  instruction: 'And the second?',
  context: {
    before: [
      { role: 'user', text: 'Name a river.' },
      { role: 'assistant', text: 'The Rhine.' },
    ],
  },
};

describe('the text that a label stands beside', () => {
  it.each([
    ['as it is', { instruction: 'Translate the letter.' }],
    ['with spaces and line ends of other systems', { instruction: ' Translate  the\r\nletter. ' }],
    ['with an apostrophe before it', { instruction: "'Translate the letter." }],
    ['with entities', { input: 'Dear &quot;Ann&quot; &amp; &lt;Bo&gt;,\nI’m fine.' }],
    ['with the line ends of cells', { input: 'Dear "Ann" & <Bo>,_x000D_\nI’m fine.' }],
    ['as one text', { prompt: 'Translate the letter.\n\nDear "Ann" & <Bo>,\nI’m fine.' }],
  ])('is that of the item %s', (_, shown) => {
    expect(showsItem(shown, LETTER)).toBe(true);
  });

  it.each([
    ['<noinput>', undefined],
    ['', 'n/a'],
    ['NaN', '<noinput>'],
  ])('is that of the item where %j stands for no input', (input, own) => {
    const item = { instruction: 'Say hello.', ...(own === undefined ? {} : { input: own }) };
    expect(showsItem({ instruction: 'Say hello.', input }, item)).toBe(true);
    expect(showsItem({ instruction: 'Say hello.', input: 'Aloud.' }, item)).toBe(false);
  });

  it.each([
    ['another instruction', { instruction: 'Translate the note.' }],
    ['another letter case', { instruction: 'TRANSLATE THE LETTER.' }],
    ['another input', { instruction: 'Translate the letter.', input: 'Dear Cy,' }],
    ['no input where there is one', { instruction: 'Translate the letter.', input: '' }],
    ['another context', { instruction: 'Translate the letter.', context: 'User: Hi.' }],
    ['a part of it', { prompt: 'Translate the letter.' }],
  ])('is not that of the item with %s', (_, shown) => {
    expect(showsItem(shown, LETTER)).toBe(false);
  });

  it('says nothing where the file does not have it', () => {
    expect(showsItem({}, LETTER)).toBeUndefined();
  });

  it('may be composed in another way, and cut where a cell is full', () => {
    expect(showsItem({ instruction: 'Gru\u0308ße' }, { instruction: 'Grüße' })).toBe(true);
    const instruction = 'a'.repeat(40_000);
    expect(showsItem({ instruction: instruction.slice(0, 32_767) }, { instruction })).toBe(true);
    expect(showsItem({ instruction: instruction.slice(0, 20_000) }, { instruction })).toBe(false);
  });

  it.each([...BRIDGES].map((bridge) => [bridge.name, bridge] as const))(
    'is recognized in a file for %s',
    (_, bridge) => {
      const said = { response: 'Yes.', user_input: 'Yes.', label: ['Yes.'], answer: 'accept' };
      const text = fc.tuple(hostileText, fc.constantFrom('', 'x')).map(([hostile, end]) => `a${hostile}${end}`);
      const task = { id: 'q', round: 1, rank: 1, reason: '' };
      fc.assert(
        fc.property(text, fc.option(text, { nil: undefined }), fc.boolean(), (instruction, input, isChat) => {
          const item = {
            instruction,
            ...(input === undefined ? {} : { input }),
            ...(isChat ? { context: CHAT.context! } : {}),
          };
          const { records, ...file } = readLabelFile(bridge.encode([{ ...task, ...item }]), `tasks${bridge.extension}`);
          const filled = records.map(({ place, value }) => ({
            place,
            value: { ...(value as object), ...said, ...answers(value) },
          }));
          const [annotation] = bridge.decode({ ...file, records: filled }).annotations;
          expect(annotation?.shown).toBeDefined();
          expect(showsItem(annotation!.shown!, item)).toBe(true);
          expect(showsItem(annotation!.shown!, { ...item, instruction: `${instruction}?z` })).toBe(false);
        }),
        { numRuns: 60 },
      );
    },
  );
});

/** What makes a task of Label Studio or Argilla an answered one. */
function answers(value: unknown): object {
  const result = [{ from_name: 'response', value: { text: ['Yes.'] } }];
  const responses = { response: [{ value: 'Yes.', user_id: 'u' }] };
  return 'data' in (value as object)
    ? { annotations: [{ id: 1, result }] }
    : 'fields' in (value as object)
      ? { responses }
      : {};
}
