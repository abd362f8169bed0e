import { afterEach, beforeEach, expect, it } from 'vitest';
import { pick, scorePool, simulate } from '../../src/index.ts';
import type { FileServer } from '../support/file-server.ts';
import { startHub } from '../support/hub-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const ADDRESS = 'hf://datasets/owner/name';
const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)] as const;
const rows = (about: string) =>
  Array.from(
    { length: 12 },
    (_, row) => `${JSON.stringify({ instruction: `${about} ${row}?`, output: `It is ${row}.` })}\n`,
  );
const revisions = new Map([[OLD, { 'train.jsonl': rows('How old is tree').join('') }]]);
let hub: FileServer;

beforeEach(async () => {
  revisions.delete(NEW);
  hub = await startHub('owner/name', { revisions });
});
afterEach(() => hub.close());

const common = () => ({ pool: ADDRESS, cacheFolder: folder.file('cache'), remote: { hubUrl: hub.url } });
const RUNS: Readonly<Record<string, (state: string) => Promise<{ notes: readonly unknown[]; seen: string }>>> = {
  pick: async (state) => {
    const { summary, picks } = await pick({ ...common(), count: 2, strategy: 'random', state });
    return { notes: summary.notes, seen: picks[0]!.instruction.instruction };
  },
  score: async (state) => {
    const { summary, records } = await scorePool({ ...common(), dimension: 'quality', state });
    return { notes: summary.notes, seen: String(records[0]!.record.instruction) };
  },
  simulate: async (state) => {
    const { pool: labeled, ...rest } = common();
    const sizes = { budgets: [2], seeds: [0], heldOut: 3 };
    const { notes } = await simulate({ ...rest, labeled, strategies: ['random'], ...sizes, state });
    return { notes, seen: 'tree' };
  },
};

it.each(Object.keys(RUNS))('%s goes on with the revision at which it began, and says so', async (name) => {
  const state = folder.file(`${name}.db`);
  const first = await RUNS[name]!(state);
  expect(first.notes.map(String).join(' ')).toContain(`${ADDRESS} is read at revision aaaaaaa, its newest.`);
  revisions.set(NEW, { 'train.jsonl': rows('How deep is lake').join('') });
  const again = await RUNS[name]!(state);
  expect(again.notes.map(String).join(' ')).toContain(
    `${ADDRESS} is read at revision aaaaaaa, as when this run began.`,
  );
  expect(again.seen).toContain('tree');
  const other = await RUNS[name]!(folder.file(`${name}-2.db`));
  expect(other.notes.map(String).join(' ')).toContain('is read at revision bbbbbbb, its newest');
});

it('a revision that is named is read, without a word', async () => {
  revisions.set(NEW, { 'train.jsonl': rows('How deep is lake').join('') });
  const given = { ...common(), pool: `${ADDRESS}@${OLD}`, count: 2, strategy: 'random', state: ':memory:' };
  const { summary, picks } = await pick(given);
  expect(picks[0]!.instruction.instruction).toContain('tree');
  expect(summary.notes.map(String).join(' ')).not.toContain('revision');
});
