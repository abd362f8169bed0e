import { expect, it } from 'vitest';
import { remoteFailure } from '../../../src/records/remote/remote-failure.ts';

const access = {
  hubToken: 'hf_very_secret_token',
  s3Credentials: { accessKeyId: 'AKIA12345678', secretAccessKey: 'x'.repeat(40), sessionToken: 'session/token+1' },
};

it.each([
  ['a token of the Hub', 'hf_very_secret_token'],
  ['an id of Amazon', 'AKIA12345678'],
  ['a session of Amazon', 'session/token+1'],
  ['an encoded session', encodeURIComponent('session/token+1')],
])('no error of a server that holds files quotes a key: %s', (_, key) => {
  const failure = remoteFailure('s3://a/b', new Error(`The key ${key} is wrong`), 'Check it.', access);
  expect(failure.message).toBe('"s3://a/b" cannot be read: The key [key] is wrong.');
  expect(failure.cause).toBeUndefined();
});

it('an error that quotes no key keeps its cause', () => {
  const cause = new Error('The disk is full');
  expect(remoteFailure('s3://a/b', cause, 'Check it.', access)).toMatchObject({ cause });
});
