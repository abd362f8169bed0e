import { expect, it } from 'vitest';
import { openConnection } from '../../../src/labels/http/connection.ts';
import { sendJson } from '../../../src/labels/http/send-json.ts';
import { patience } from './label-tasks.ts';

const KEY = 'label-studio-key-1';

it.each([
  ['as it is', KEY],
  ['in base64', Buffer.from(`Token ${KEY}`).toString('base64')],
])('an answer of a label server brings no key back, which would be stored with the labels: %s', async (_, echo) => {
  const fetch = async () => Response.json({ completed_by: echo });
  const connection = openConnection('Label Studio', {
    url: 'https://l.test',
    apiKey: KEY,
    keySource: 'K',
    ...patience(),
    fetch,
  });
  const answer = await sendJson(connection, { method: 'GET', path: '/api/tasks' }, {}, undefined);
  expect(answer).toEqual({ completed_by: expect.stringContaining('[key]') });
  expect(JSON.stringify(answer)).not.toContain(echo);
});
