import { existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function pragma(database: Database.Database, name: string): unknown {
  return database.pragma(name, { simple: true });
}

describe('a new state file', () => {
  const database = openDatabase(folder.file('new.db'));

  it('is durable, concurrent to read and strict about its references', () => {
    expect(pragma(database, 'journal_mode')).toBe('wal');
    expect(pragma(database, 'synchronous')).toBe(2);
    expect(pragma(database, 'foreign_keys')).toBe(1);
    expect(pragma(database, 'user_version')).toBe(MIGRATIONS.length);
  });

  it('has strict tables only', () => {
    const tables = (database.pragma('table_list') as { name: string; strict: number; schema: string }[]).filter(
      ({ name, schema }) => schema === 'main' && !name.startsWith('sqlite_'),
    );
    expect(tables.map(({ name }) => name).sort()).toEqual([
      ...['annotation', 'assignment', 'attempt', 'batch', 'batch_call', 'batch_event', 'call', 'comparison_event'],
      'drawn_item',
      ...['evaluation', 'evaluation_plan', 'expense'],
      ...['expense_outcome', 'followed_guidelines', 'guidelines', 'hold', 'item'],
      ...[
        'item_alias',
        'label_import',
        'lead_action',
        'learned_rate',
        'map_point',
        'model',
        'outcome',
        'personal_link',
        'pick',
        'plugin',
        'pool_file',
        'query',
        'query_pick',
      ],
      ...[
        'query_result',
        'rating',
        'reply',
        'report_figure',
        'retry',
        'revoked_link',
        'round',
        'run',
        'selection',
        'simulation_cell',
        'simulation_part',
        'stated_context',
      ],
      ...['step', 'stop', 'training_example', 'training_failure', 'training_note', 'training_try'],
      ...['training_try_label', 'withdrawal', 'working_copy'],
    ]);
    expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
  });

  it('refuses a row that refers to nothing, and a value of the wrong type', () => {
    expect(() => database.exec("INSERT INTO outcome VALUES (1, 'settled', 0, NULL)")).toThrow('FOREIGN KEY');
    expect(() => database.exec("INSERT INTO selection VALUES (1, 0, 0, 'yesterday')")).toThrow('INTEGER');
    expect(() => database.exec("INSERT INTO run VALUES (1, 'not JSON', '0', 0)")).toThrow('CHECK');
  });
});

describe('openDatabase', () => {
  const steps = ['CREATE TABLE one (a) ', 'CREATE TABLE two (a)', 'INSERT INTO two SELECT a FROM one'];

  it('applies the steps that are missing, one by one', () => {
    const path = folder.file('steps.db');
    steps.forEach((_, index) => {
      const database = openDatabase(path, steps.slice(0, index + 1));
      expect(pragma(database, 'user_version')).toBe(index + 1);
      if (index === 0) database.exec('INSERT INTO one VALUES (7)');
      database.close();
    });
    const database = openDatabase(path, steps);
    expect(database.prepare('SELECT a FROM two').pluck().all()).toEqual([7]);
    database.close();
  });

  it('keeps nothing of any step where one fails', () => {
    const path = folder.file('failing.db');
    const failing = 'CREATE TABLE half (a); INSERT INTO missing VALUES (1)';
    expect(() => openDatabase(path, [steps[0]!, failing])).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', message: expect.stringContaining('missing') }),
    );
    const database = new Database(path);
    expect(pragma(database, 'user_version')).toBe(0);
    expect(database.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual([]);
    database.close();
  });

  it('takes an empty file for a new one', () => {
    const database = openDatabase(folder.write('empty.db', ''));
    expect(pragma(database, 'user_version')).toBe(MIGRATIONS.length);
    database.close();
  });

  function expectRefusedUntouched(path: string, code: string, message: string) {
    const before = readFileSync(path);
    expect(() => openDatabase(path)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message), hint: expect.any(String) }),
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(existsSync(`${path}-wal`)).toBe(false);
  }

  it('refuses a text file and leaves it as it is', () => {
    const path = folder.write('notes.txt', 'Remember the milk.\n'.repeat(100));
    expectRefusedUntouched(path, 'STATE_UNREADABLE', 'not a database');
  });

  it.each([0, 1])('refuses an SQLite file of another program with version %d and leaves it as it is', (version) => {
    const path = folder.file(`foreign-${version}.db`);
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE bookmarks (url TEXT)');
    foreign.pragma(`user_version = ${version}`);
    foreign.close();
    expectRefusedUntouched(path, 'STATE_UNREADABLE', 'not one that winnow made');
  });

  it('refuses a file that a later winnow wrote and leaves it as it is', () => {
    const path = folder.file('later.db');
    const later = openDatabase(path);
    later.pragma(`user_version = ${MIGRATIONS.length + 3}`);
    later.close();
    expectRefusedUntouched(path, 'STATE_NEWER', `schema version ${MIGRATIONS.length + 3}`);
  });

  it('refuses a damaged state file', () => {
    const path = folder.file('damaged.db');
    openDatabase(path).close();
    folder.write('damaged.db', readFileSync(path).fill(0xff, 16, 120));
    expectRefusedUntouched(path, 'STATE_UNREADABLE', '');
  });

  it('refuses a folder', () => {
    expect(() => openDatabase(folder.path)).toThrow(expect.objectContaining({ code: 'STATE_UNREADABLE' }));
  });
});
