import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { errorAnswer, Refusal } from '../../../src/annotate/server/http-error.ts';
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

it('asks to come back where another process writes for long', () => {
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
    body: { error: { code: 'BUSY', hint: 'Nothing was changed; try again.' } },
    isFault: false,
  });
});

it('tells nothing of what was not foreseen, even where it would help its user', () => {
  for (const error of [
    new Error('/home/anna/secret.db is full'),
    new StateError('STATE_UNREADABLE', '/home/anna/x'),
    'x',
  ]) {
    const { status, body, isFault } = errorAnswer(error);
    expect({ status, isFault, code: body.error.code }).toEqual({ status: 500, isFault: true, code: 'INTERNAL' });
    expect(JSON.stringify(body)).not.toContain('anna');
  }
});

it('says how to come in only to those who are not in', () => {
  expect(errorAnswer(new Refusal('TOKEN_WRONG', 'no')).headers).toEqual({ 'www-authenticate': 'Bearer' });
  expect(errorAnswer(new Refusal('LEADS_ONLY', 'no'))).toMatchObject({ status: 403, headers: {} });
});
