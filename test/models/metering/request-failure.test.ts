import { expect, it } from 'vitest';
import {
  failedUpstream,
  requestFailure,
  sendRequest,
  unreadableReply,
} from '../../../src/models/metering/request-failure.ts';

const target = {
  provider: 'compatible',
  service: 'The server',
  model: 'm',
  baseUrl: 'http://localhost/v1',
  apiKey: 'secret-key',
  keySource: 'WINNOW_API_KEY',
  timeoutMs: 1_000,
};

it('does not take an error of ours for a broken connection: it is final, and says what it was', async () => {
  const failing = sendRequest(target, undefined, async () => {
    throw new TypeError('cannot read secret-key of undefined');
  });
  await expect(failing).rejects.toMatchObject({
    retryable: false,
    message: 'The server could not be asked: cannot read [key] of undefined.',
  });
});

it.each([
  ['content_filter', 'The response was filtered by our content management policy.'],
  ['invalid_prompt', 'Your prompt was flagged.'],
])('says what to do where a content filter refused a text (%s)', async (code, message) => {
  const failing = sendRequest(target, undefined, async () => {
    throw Object.assign(new Error(`400 ${message}`), { status: 400, code, error: { message, code } });
  });
  await expect(failing).rejects.toMatchObject({
    retryable: false,
    billing: 'none',
    message: `The server refused a text by its content filter (400): ${message}`,
    hint: expect.stringMatching(/Leave the item out .*exclude.* or use another model/),
  });
});

it.each([
  ['the message', requestFailure({ status: 400, message: 'Not for secret-key.' }, target), 'Not for [key]'],
  ['the body', requestFailure({ status: 400, error: { message: 'Not for secret-key.' } }, target), 'Not for [key]'],
  ['the parameter', requestFailure({ status: 400, message: 'Wrong.', param: 'x.secret-key' }, target), 'x.[key]'],
  ['an error within a 200', failedUpstream({ message: 'Not for secret-key.' }, target), 'Not for [key]'],
  ['a page within a 200', unreadableReply(target, '<p>secret-key</p>'), '<p>[key]</p>'],
])('masks a key in %s', (_, failure, shown) => {
  expect(failure.message).toContain(shown);
  expect(JSON.stringify([failure.message, failure.hint, failure.said])).not.toContain('secret-key');
});
