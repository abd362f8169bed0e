import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AnnotationDesk, openDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import type { AccessTokens } from '../../../src/annotate/server/access-tokens.ts';
import { allowedHosts, LOOPBACK } from '../../../src/annotate/server/allowed-hosts.ts';
import type { ConnectionCaps } from '../../../src/annotate/server/connection-gate.ts';
import { readPageFiles } from '../../../src/annotate/server/page-files.ts';
import { type AnsweredRequest, type ConnectionLimits, serveWeb } from '../../../src/annotate/server/serve-web.ts';
import { Sessions } from '../../../src/annotate/server/sessions.ts';
import { ANNOTATOR_HEADER } from '../../../src/annotate/server/web-api.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import type { CampaignOptions } from '../../../src/runs/campaign/open-context.ts';
import type { TemporaryFolder } from '../../support/temporary-folder.ts';

export const TOKENS = {
  annotator: 'annotator-token-0123',
  lead: 'lead-token-0123456789',
} as const satisfies AccessTokens;

/** Signs the links of every lab. */
export const KEY = 'k'.repeat(43);

/** The annotation page of a campaign, served on this machine. */
export interface WebLab {
  readonly port: number;
  /** Without a trailing slash. */
  readonly url: string;
  readonly desk: AnnotationDesk;
  /** Unexpected errors. */
  readonly errors: unknown[];
  readonly requests: AnsweredRequest[];
  /** A person's personal link, where people have links. */
  linkOf(annotator: string): string;
  /** Sends an API request in a person's name, with their personal link where people have links. */
  ask(annotator: string | null, method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** Stops the server and closes the desk. The port is free again afterwards. */
  close(): Promise<void>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read any field of the answer.
  readonly body: any;
}

export interface WebLabOptions {
  /** How the campaign is opened. The server uses the same clock. */
  readonly campaign: CampaignOptions;
  /** Default: any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly allowed?: readonly string[];
  readonly machineNames?: readonly string[];
  /** Default: no token is required. */
  readonly tokens?: AccessTokens;
  /** Files to serve instead of the built page. */
  readonly assets?: URL;
  readonly limits?: ConnectionLimits;
  readonly caps?: ConnectionCaps;
}

/** Small files instead of the built page, for tests without a browser. */
export function plainAssets(home: TemporaryFolder): URL {
  home.write('annotate.js', 'document.title = "winnow";\n');
  return pathToFileURL(dirname(home.write('annotate.css', 'body { margin: 0 }\n')).concat('/'));
}

/** Serves the campaign in a folder as `winnow annotate` does. */
export async function webLab(folder: string, options: WebLabOptions): Promise<WebLab> {
  const {
    campaign,
    port = 0,
    host = LOOPBACK,
    allowed = [],
    machineNames = [],
    tokens = null,
    assets,
    limits,
    caps,
  } = options;
  const desk = await openDesk(folder, campaign);
  const access = tokens === null ? null : { tokens, key: KEY };
  const errors: unknown[] = [];
  const requests: AnsweredRequest[] = [];
  const server = await serveWeb({
    desk,
    page: readPageFiles(assets),
    hosts: allowedHosts({ host, allowed, machineNames }),
    access,
    host,
    port,
    clock: campaign.clock ?? systemClock,
    randomBytes,
    onError: (error) => errors.push(error),
    onRequest: (request) => requests.push(request),
    ...(limits === undefined ? {} : { limits }),
    ...(caps === undefined ? {} : { caps }),
  }).catch(async (error: unknown) => {
    await desk.close();
    throw error;
  });
  const url = `http://${LOOPBACK}:${server.port}`;
  const tokenOf = (annotator: string | null) => {
    if (access === null || annotator === null) return access?.tokens.lead;
    return new Sessions(access, desk.key, (id) => desk.people.link(id)).tokenOf(desk.people.invite(annotator));
  };
  return {
    port: server.port,
    url,
    desk,
    errors,
    requests,
    linkOf: (annotator) => `${url}/#token=${tokenOf(annotator)}`,
    ask: (annotator, method, path, body) => ask(url, annotator, method, path, body, tokenOf(annotator)),
    close: async () => {
      await server.close();
      await desk.close();
    },
  };
}

async function ask(
  url: string,
  annotator: string | null,
  method: string,
  path: string,
  body: unknown,
  token: string | undefined,
): Promise<ApiAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(annotator === null ? {} : { [ANNOTATOR_HEADER]: encodeURIComponent(annotator) }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
