import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chatMessages, openAiMessages } from '../../../src/domain/chat-messages.ts';
import type { LabeledExample } from '../../../src/domain/label.ts';
import { TRAINING_FORMATS } from '../../../src/labels/training/registry.ts';

interface Row {
  readonly [column: string]: unknown;
}

/** The turns that LLaMA-Factory's converters make of a record, by the columns that dataset_info.json names. */
function trainedTurns(
  row: Row,
  { formatting = 'alpaca', columns }: { formatting?: string; columns: Record<string, string> },
) {
  if (formatting === 'sharegpt') {
    const roles: Record<string, string> = { system: 'system', human: 'user', gpt: 'assistant' };
    const messages = row[columns.messages!] as { from: string; value: string }[];
    return messages.slice(0, -1).map(({ from, value }) => ({
      role: roles[from] ?? from,
      content: value,
    }));
  }
  const system = columns.system === undefined ? '' : (row[columns.system] as string);
  const history = columns.history === undefined ? [] : (row[columns.history] as [string, string][]);
  const request = [row[columns.prompt!], row[columns.query!]].filter((text) => text !== '');
  return [
    ...(system === '' ? [] : [{ role: 'system', content: system }]),
    ...history.flatMap(([asked, said]) => [
      { role: 'user', content: asked },
      { role: 'assistant', content: said },
    ]),
    { role: 'user', content: request.join('\n') },
  ];
}

const text = fc.string({ unit: 'binary', minLength: 1 }).map((content) => content.toWellFormed());
const example = fc
  .record({
    instruction: text,
    input: fc.option(text, { nil: undefined }),
    system: fc.option(text, { nil: undefined }),
    pairs: fc.array(fc.tuple(text, text), { maxLength: 2 }),
    isOdd: fc.boolean(),
  })
  .map(({ instruction, input, system, pairs, isOdd }): LabeledExample => {
    const before = [
      ...(system === undefined ? [] : [{ role: 'system' as const, text: system }]),
      // Two requests in a row are no pair, so the records become ShareGPT's.
      ...(isOdd ? [{ role: 'user' as const, text: 'And?' }] : []),
      ...pairs.flatMap(([asked, said]) => [
        { role: 'user' as const, text: asked },
        { role: 'assistant' as const, text: said },
      ]),
    ];
    return {
      ...{ id: 'x', instruction, response: 'Yes.' },
      ...(input === undefined ? {} : { input }),
      ...(before.length === 0 ? {} : { context: { before } }),
    };
  });

it('is trained on the same text, byte for byte, that a served model is asked with', () => {
  fc.assert(
    fc.property(fc.array(example, { minLength: 1, maxLength: 3 }), (examples) => {
      const files = TRAINING_FORMATS.find('llama-factory').files({ train: examples, heldOut: [] });
      const [rows, { winnow }] = files.map(({ content }) => JSON.parse(content as string)) as [
        Row[],
        { winnow: never },
      ];
      const trained = rows.map((row) => trainedTurns(row, winnow));
      expect(trained).toEqual(examples.map((one) => openAiMessages(chatMessages(one))));
    }),
  );
});

it('carries the id where that is wanted, as every format of records does', () => {
  const train = [{ id: 'q7', instruction: 'Name a river.', response: 'Rhine' }];
  for (const format of TRAINING_FORMATS) {
    const [file] = format.files({ train, heldOut: [] }, { withIds: true });
    const { content } = file!;
    const [record] = typeof content === 'string' ? [JSON.parse(content)].flat() : content.records;
    expect(record.id, format.name).toBe('q7');
  }
  const [without] = TRAINING_FORMATS.find('alpaca').files({ train, heldOut: [] });
  expect(without!.content).not.toContain('q7');
});
