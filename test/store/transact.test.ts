import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/store/open-database.ts';
import { transact } from '../../src/store/transact.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const MARK = 'INSERT INTO retry (round, created_at_ms) VALUES (1, 0)';

it('keeps other writers out from before it reads until it has written, and undoes all where it throws', () => {
  const path = folder.file('state.db');
  const database = openDatabase(path);
  const other = new Database(path, { timeout: 0 });
  const count = () => database.prepare('SELECT count(*) FROM retry').pluck().get() as number;
  const seen = transact(database, () => {
    const before = count();
    expect(() => other.exec(MARK)).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
    transact(database, () => database.exec(MARK));
    return before;
  });
  expect([seen, count()]).toEqual([0, 1]);
  expect(() =>
    transact(database, () => {
      database.exec(MARK);
      throw new Error('changed my mind');
    }),
  ).toThrow('changed my mind');
  expect(count()).toBe(1);
  other.exec(MARK);
  expect(count()).toBe(2);
  other.close();
  database.close();
});
