import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Instruction, JsonObject } from '../../../src/domain/instruction.ts';
import { parseRecord } from '../../../src/records/parse-record.ts';
import {
  type PackedInstruction,
  packInstruction,
  unpackInstruction,
} from '../../../src/records/shards/packed-instruction.ts';

const source = { file: 'pool.jsonl', line: 7 };

function throughBytes(item: Instruction): { readonly item: Instruction; readonly bytes: number } {
  const bytes = serialize(packInstruction(item));
  return { item: unpackInstruction(deserialize(bytes) as PackedInstruction), bytes: bytes.length };
}

function itemsOf(record: JsonObject): Instruction[] {
  const read = parseRecord(record, { turns: 'each' });
  return 'drafts' in read ? read.drafts.map((draft, at) => ({ ...draft, id: draft.id ?? `it_${at}`, source })) : [];
}

it('gives every instruction back as it was', () => {
  const name = fc.constantFrom('instruction', 'input', 'output', 'id', 'topic', '1', '__proto__', 'text', 'messages');
  const text = fc.string({ unit: 'binary' });
  const turn = fc.record(
    { role: fc.constantFrom('user', 'assistant', 'system'), content: text },
    { noNullPrototype: true },
  );
  const value = fc.oneof(text, fc.jsonValue(), fc.array(turn), fc.constantFrom(-0, Number.POSITIVE_INFINITY, '\ud800'));
  let items = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (fields) => {
      const record: JsonObject = Object.fromEntries(fields) as JsonObject;
      for (const item of itemsOf({ instruction: 'Name a river.', ...record })) {
        const back = throughBytes(item).item;
        expect(back).toStrictEqual({ ...item, meta: { ...item.meta } });
        expect(Object.keys(back.record)).toEqual(Object.keys(item.record));
        expect(Object.keys(back.meta)).toEqual(Object.keys(item.meta));
        items += 1;
      }
    }),
  );
  expect(items).toBeGreaterThan(20);
});

it('gives texts back that are not those of the record, as where personal data is masked', () => {
  const record = { instruction: 'Write to [EMAIL_1].', topic: ['a'], deep: { b: 1 } };
  const item: Instruction = {
    id: 'a',
    instruction: 'Other',
    input: '',
    output: 'x',
    meta: { topic: ['a'], more: null },
    record,
    source,
  };
  expect(throughBytes(item).item).toStrictEqual(item);
});

it('writes each text once', () => {
  const long = 'the quick brown fox '.repeat(100);
  const [item] = itemsOf({ instruction: long, output: `${long}!`, topic: `${long}?` });
  expect(throughBytes(item!).bytes).toBeLessThan(3.2 * long.length);
});
