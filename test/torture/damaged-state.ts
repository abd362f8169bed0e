import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Random } from '../../src/math/random.ts';
import { CONFIG, campaignLab } from '../cli/campaign-lab.ts';
import { runCli } from '../support/run-cli.ts';
import { optionsIn, type Trial } from './trial.ts';

const COMMANDS = [
  ['status'],
  ['next', '--yes'],
  ['report', '--no-open', '--force'],
  ['export', '--training', 'alpaca', '--force'],
  ['import', 'labels.jsonl'],
] as const;

/** Ways to damage a state. Each returns what it did. */
const DAMAGES: readonly ((path: string, random: Random) => string)[] = [
  (path, random) => {
    const content = readFileSync(path);
    const kept = random.below(content.length);
    writeFileSync(path, content.subarray(0, kept));
    return `cut to ${kept} of ${content.length} bytes`;
  },
  (path, random) => {
    const content = readFileSync(path);
    const flips = 1 + random.below(200);
    for (let flip = 0; flip < flips; flip += 1) content[random.below(content.length)]! ^= 1 << random.below(8);
    writeFileSync(path, content);
    return `${flips} bits flipped`;
  },
  (path, random) => {
    const content = readFileSync(path);
    const page = random.below(Math.ceil(content.length / 4096));
    content.fill(random.below(256), page * 4096, (page + 1) * 4096);
    writeFileSync(path, content);
    return `page ${page} overwritten`;
  },
  (path, random) => {
    writeFileSync(path, Buffer.from(Array.from({ length: random.below(9_000) }, () => random.below(256))));
    return 'another file in its place';
  },
  (path, random) =>
    inDatabase(path, (database, tables) => {
      const table = tables[random.below(tables.length)]!;
      database.exec(`DROP TABLE "${table}"`);
      return `table ${table} dropped`;
    }),
  (path, random) =>
    inDatabase(path, (database, tables) => {
      const table = tables[random.below(tables.length)]!;
      database.exec(`DELETE FROM "${table}" WHERE rowid % 2 = ${random.below(2)}`);
      return `every second row of ${table} deleted`;
    }),
  (path, random) =>
    inDatabase(path, (database, tables) => {
      const table = tables[random.below(tables.length)]!;
      const columns = database.pragma(`table_info("${table}")`) as { name: string; type: string }[];
      const texts = columns.filter(({ type }) => type === 'TEXT');
      const column = texts[random.below(Math.max(1, texts.length))]?.name;
      if (column === undefined) return `${table} has no text`;
      database.exec(`UPDATE OR IGNORE "${table}" SET "${column}" = '{"not": "this"}'`);
      return `${table}.${column} overwritten`;
    }),
];

function inDatabase(path: string, damage: (database: Database.Database, tables: string[]) => string): string {
  const database = new Database(path);
  try {
    database.pragma('foreign_keys = OFF');
    database.pragma('ignore_check_constraints = ON');
    const names = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();
    return damage(database, names as string[]);
  } finally {
    database.close();
  }
}

/** No matter how the state of a campaign was damaged, commands end in good order or in an error that says what to do. */
export const damagedState: Trial = {
  share: 4,
  run: async ({ folder, random }, times) => {
    const lab = campaignLab(folder, 'whole', { config: CONFIG.replace('k-means', 'random') });
    assert.equal((await lab.winnow('run')).code, 3);
    lab.label(1, 'labels.jsonl');
    assert.equal((await lab.winnow('import', 'labels.jsonl')).code, 0);
    assert.equal((await lab.winnow('run')).code, 3);
    lab.label(2, 'labels.jsonl');

    let errors = 0;
    for (let trial = 0; trial < times; trial += 1) {
      const copy = folder.file('copy');
      cpSync(lab.folder, copy, { recursive: true });
      const damage = DAMAGES[random.below(DAMAGES.length)]!(join(copy, 'winnow.db'), random);
      for (const command of random.shuffle(COMMANDS).slice(0, 2)) {
        const { code, stderr } = await runCli(command, optionsIn(copy, folder.file('cache')));
        const what = `${command.join(' ')} after "${damage}" ended with ${code}: ${stderr}`;
        assert.ok(code === 0 || code === 1 || code === 3, what);
        assert.ok(!stderr.includes('Unexpected error'), what);
        if (code === 1) errors += 1;
      }
      rmSync(copy, { recursive: true });
    }
    return `${times} damaged states, ${errors} errors that say what to do`;
  },
};
