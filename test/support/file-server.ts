import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { until } from './until.ts';

export interface FileServer {
  readonly url: string;
  /** Method, path and range of each request, in order. */
  readonly requests: string[];
  /** Drops the connection after so many bytes of the next content, as soon as the client has them. */
  cutAfter: number | undefined;
  /** Whether the client has stored so many bytes. */
  hasStored: (bytes: number) => boolean;
  /** Whether it answers with status 500 after that. */
  failsAfterCut: boolean;
  /** Answers with this status to everything. */
  status: number | undefined;
  close(): Promise<void>;
}

export type Responder = (request: IncomingMessage, response: ServerResponse, server: FileServer) => void;

/** Starts a server; what it answers is up to the responder. */
export async function startServer(respond: Responder): Promise<FileServer> {
  const http = createServer((request, response) => {
    const { range = '' } = request.headers;
    server.requests.push(`${request.url} ${range}`.trim());
    if (server.status !== undefined) response.writeHead(server.status).end();
    else respond(request, response, server);
  });
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const server: FileServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests: [],
    cutAfter: undefined,
    hasStored: () => true,
    failsAfterCut: false,
    status: undefined,
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
  return server;
}

/** Sends a file, or the range of it that was asked for. @param headers beside those of the content */
export function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  server: FileServer,
  { content, headers = {}, ranges = true }: { content: Buffer; headers?: Record<string, string>; ranges?: boolean },
): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const isPart = ranges && from !== undefined;
  const start = isPart ? Number(from) : 0;
  const end = isPart && to ? Math.min(Number(to) + 1, content.length) : content.length;
  const body = content.subarray(start, end);
  response.writeHead(isPart ? 206 : 200, {
    'content-length': body.length,
    etag: etagOf(content),
    ...(isPart && { 'content-range': `bytes ${start}-${end - 1}/${content.length}` }),
    ...headers,
  });
  const cut = server.cutAfter;
  if (cut === undefined || body.length <= cut) {
    response.end(body);
    return;
  }
  server.cutAfter = undefined;
  if (server.failsAfterCut) server.status = 500;
  response.write(body.subarray(0, cut));
  void until(() => server.hasStored(start + cut), 'the client to store what was sent').then(() => response.destroy());
}

export function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

/** Whether an unfinished download in a cache folder has so many bytes. */
export function storedIn(cacheFolder: string): (bytes: number) => boolean {
  const folder = join(cacheFolder, 'files');
  return (bytes) =>
    existsSync(folder) &&
    readdirSync(folder).some((name) => name.endsWith('.part') && statSync(join(folder, name)).size >= bytes);
}
