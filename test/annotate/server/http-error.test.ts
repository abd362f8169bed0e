import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { errorAnswer, HttpError } from '../../../src/annotate/server/http-error.ts';
import { StateError } from '../../../src/domain/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const home = temporaryFolder();

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

it('asks the client to retry while another process is writing', () => {
  const path = home.file('busy.db');
  const [one, other] = [new Database(path), new Database(path, { timeout: 0 })];
  one.exec('CREATE TABLE thing (id INTEGER)');
  one.exec('BEGIN IMMEDIATE');
  const error = thrownBy(() => other.exec('BEGIN IMMEDIATE'));
  one.close();
  other.close();
  expect(errorAnswer(error)).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    body: { error: { code: 'BUSY', hint: 'Nothing was changed. Try again.' } },
    isUnexpected: false,
  });
});

it('says that the disk is full, which the person who annotates can pass on', () => {
  const path = home.file('full.db');
  const database = new Database(path);
  database.exec('CREATE TABLE thing (text TEXT)');
  database.pragma('max_page_count = 2');
  const error = thrownBy(() => database.prepare('INSERT INTO thing VALUES (?)').run('x'.repeat(100_000)));
  database.close();
  expect(errorAnswer(error)).toMatchObject({
    status: 507,
    body: { error: { code: 'DISK_FULL', hint: expect.stringContaining('Keep this page open') } },
    isUnexpected: true,
  });
});

it('hides all details of unexpected errors', () => {
  for (const error of [
    new Error('/home/anna/secret.db is full'),
    new StateError('STATE_UNREADABLE', '/home/anna/x'),
    'x',
  ]) {
    const { status, body, isUnexpected } = errorAnswer(error);
    expect({ status, isUnexpected, code: body.error.code }).toEqual({
      status: 500,
      isUnexpected: true,
      code: 'INTERNAL',
    });
    expect(JSON.stringify(body)).not.toContain('anna');
  }
});

it('sends an authentication challenge only for a missing or wrong token', () => {
  expect(errorAnswer(new HttpError('TOKEN_WRONG', 'no')).headers).toEqual({ 'www-authenticate': 'Bearer' });
  expect(errorAnswer(new HttpError('LEADS_ONLY', 'no'))).toMatchObject({ status: 403, headers: {} });
});
