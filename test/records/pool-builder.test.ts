import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/records/parse-record.ts';
import { PersonalDataGate } from '../../src/records/personal-data-gate.ts';
import { PoolBuilder, type SameBy } from '../../src/records/pool-builder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

const recordOf = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'it_1', '7'),
    instruction: fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('x', 'y', 'é', '\ud800') }),
    output: fc.constantFrom('yes', 'no', 'write to a@example.org'),
    topic: fc.jsonValue(),
    messages: fc.array(
      fc.record(
        { role: fc.constantFrom('user', 'assistant'), content: fc.constantFrom('Hi', 'Ho') },
        { noNullPrototype: true },
      ),
    ),
  },
  { requiredKeys: ['instruction'], noNullPrototype: true },
);

function build(
  records: readonly object[],
  answers: readonly (readonly [string, string])[],
  options: { sameBy: SameBy; masks: boolean; keptBytes: number },
) {
  const { sameBy, masks, keptBytes } = options;
  const gate = masks ? new PersonalDataGate('mask') : undefined;
  const builder = new PoolBuilder({ sameBy, gate, keptBytes, shardFolder: () => folder.path });
  for (const [index, record] of records.entries()) {
    const parsed = parseRecord(record, { turns: 'each' });
    const source = { file: 'pool.jsonl', line: index + 1 };
    if ('drafts' in parsed) for (const draft of parsed.drafts) builder.add(draft, source);
    else builder.addBad({ source, cause: parsed.cause });
  }
  const answer = builder.answering();
  const found = answers.map(([id, output]) => answer(id, output));
  const pool = builder.build();
  return { ...pool, instructions: [...pool.instructions], found };
}

describe('PoolBuilder', () => {
  it('builds the same pool on the disk as in memory', () => {
    const answersOf = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'none'), fc.constantFrom('one', 'two')));
    fc.assert(
      fc.property(
        fc.array(recordOf, { maxLength: 120 }),
        answersOf,
        fc.constantFrom<SameBy>('instruction', 'pair'),
        fc.boolean(),
        (records, answers, sameBy, masks) => {
          const inMemory = build(records, answers, { sameBy, masks, keptBytes: 1e9 });
          const onDisk = build(records, answers, { sameBy, masks, keptBytes: 1 });
          expect(onDisk).toEqual(inMemory);
        },
      ),
    );
  });

  it('knows whether items name conversations', () => {
    const single = build([{ instruction: 'x' }], [], { sameBy: 'instruction', masks: false, keptBytes: 1 });
    expect(single.hasConversations).toBe(false);
    const messages = ['user', 'assistant', 'user'].map((role, turn) => ({ role, content: `Turn ${turn}` }));
    const several = build([{ messages }], [], { sameBy: 'instruction', masks: false, keptBytes: 1 });
    expect(several.hasConversations).toBe(true);
  });
});
