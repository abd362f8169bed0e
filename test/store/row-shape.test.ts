import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { StateError } from '../../src/domain/errors.ts';
import { flagColumn, jsonColumn, jsonObject, RowShape } from '../../src/store/row-shape.ts';

const database = new Database(':memory:');
database.exec(`
  CREATE TABLE task (id TEXT, done INTEGER, record TEXT);
  INSERT INTO task VALUES ('a', 1, '{"x":1}'), ('b', 0, '{}');
  CREATE TABLE damaged (id TEXT, done INTEGER, record TEXT);
  INSERT INTO damaged VALUES ('a', 1, '{}'), ('b', 2, '{}'), ('c', 0, '[]'), ('d', 0, '{"x":');
`);
const row = z.object({ id: z.string(), done: flagColumn, record: jsonColumn(jsonObject) });

function errorOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}

it('reads rows as their schema has them', () => {
  const tasks = new RowShape('task', row);
  const all = database.prepare('SELECT * FROM task ORDER BY id');
  expect(tasks.all(all)).toEqual([
    { id: 'a', done: true, record: { x: 1 } },
    { id: 'b', done: false, record: {} },
  ]);
  const one = database.prepare('SELECT * FROM task WHERE id = ?');
  expect(tasks.first(one, 'b')).toEqual({ id: 'b', done: false, record: {} });
  expect(tasks.first(one, 'z')).toBeUndefined();
  expect(new RowShape('task', z.int()).only(database.prepare('SELECT count(*) FROM task').pluck())).toBe(2);
});

it('names the table, the row and the column of what is damaged', () => {
  const read = (id: string) => () =>
    new RowShape('damaged', row, ['id']).first(database.prepare('SELECT * FROM damaged WHERE id = ?'), id);
  expect(errorOf(read('b'))).toBeInstanceOf(StateError);
  expect(errorOf(read('b'))).toMatchObject({
    code: 'STATE_UNREADABLE',
    message: expect.stringMatching(/^:memory: is damaged: table "damaged", row with id "b": "done": Invalid input/),
    data: { file: ':memory:' },
  });
  expect(errorOf(read('c'))).toMatchObject({
    message: expect.stringContaining('"record": Invalid input: expected a JSON'),
  });
  expect(errorOf(read('d'))).toMatchObject({
    message: expect.stringContaining('row with id "d": "record": Invalid JSON'),
  });
});

it('counts rows that have no key', () => {
  const read = () => new RowShape('damaged', row).all(database.prepare('SELECT * FROM damaged ORDER BY id'));
  expect(read).toThrow('table "damaged", row 2: "done"');
  const only = () => new RowShape('damaged', z.int()).only(database.prepare("SELECT 'many'").pluck());
  expect(only).toThrow('table "damaged", row 1: Invalid input: expected number');
});
