import { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import { type Connection, keyOf } from './connection.ts';
import type { Credentials } from './json-api.ts';
import { unexpectedFault } from './request-fault.ts';
import { sendJson } from './send-json.ts';

const REFRESH_PATH = '/api/token/refresh';
/** Access tokens live about five minutes. */
const ACCESS_LIFE_MS = 4 * 60_000;
/** Personal tokens are JSON Web Tokens: three parts. Legacy tokens are hexadecimal. */
const PERSONAL_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const refreshReply = z.object({ access: z.string().regex(/^[\x21-\x7e]+$/) });

/**
 * Proves who asks Label Studio: a legacy token as it is, a personal one by access tokens, fetched
 * before they grow old by our clock and whenever the server no longer takes one.
 */
export function labelStudioCredentials(connection: Connection, clock: Clock): Credentials {
  const key = keyOf(connection);
  if (!PERSONAL_TOKEN.test(key)) {
    return { headers: async () => ({ authorization: `Token ${key}` }), expire: () => false };
  }
  let access: { readonly token: string; readonly sinceMs: number } | undefined;
  return {
    async headers(signal) {
      if (!access || clock.elapsed() - access.sinceMs >= ACCESS_LIFE_MS) {
        const request = { method: 'POST', path: REFRESH_PATH, body: { refresh: key } } as const;
        const reply = refreshReply.safeParse(await sendJson(connection, request, {}, signal));
        if (!reply.success) throw unexpectedFault(connection, REFRESH_PATH, 'there is no access token in it');
        access = { token: reply.data.access, sinceMs: clock.elapsed() };
        connection.secrets.add(access.token);
      }
      return { authorization: `Bearer ${access.token}` };
    },
    expire() {
      access = undefined;
      return true;
    },
  };
}
