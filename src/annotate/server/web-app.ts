import { Hono } from 'hono';
import type { AnnotationDesk } from '../desk/annotation-desk.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { OwnHosts } from './allowed-hosts.ts';
import { apiRoutes } from './api-routes.ts';
import { guardHost, guardOrigin, guardToken, type WebEnvironment } from './guard.ts';
import { errorAnswer, Refusal } from './http-error.ts';
import type { PageFiles } from './page-files.ts';

export interface WebAppOptions {
  readonly desk: AnnotationDesk;
  readonly page: PageFiles;
  readonly hosts: OwnHosts;
  /** Null: none are asked for. */
  readonly tokens: AccessTokens | null;
  /** Told of what was not foreseen; whoever sent the request is not. */
  readonly onError: (error: unknown) => void;
}

/**
 * The annotation page and what it asks for. Every request must be meant for this server, and those for data must come
 * from its own page and carry the token; only then is anything else of it read. The page itself holds no data and is
 * given without a token.
 */
export function createWebApp({ desk, page, hosts, tokens, onError }: WebAppOptions): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.use(async (context, next) => {
    // Before anything can fail, so that errors carry them too.
    for (const [name, value] of Object.entries(PAGE_HEADERS)) context.header(name, value);
    context.header('cache-control', 'no-store');
    await next();
  });
  app.use(guardHost(hosts));
  app.use('/api/*', guardOrigin(hosts));
  app.use('/api/*', guardToken(tokens));
  app.route('/api', apiRoutes(desk));
  for (const [path, { type, content, etag }] of page) {
    app.get(path, (context) => {
      context.header('cache-control', 'no-cache');
      context.header('etag', etag);
      if (context.req.header('if-none-match') === etag) return context.body(null, 304);
      return context.body(content, 200, { 'content-type': type });
    });
  }
  app.notFound(() => {
    throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
  });
  app.onError((error, context) => {
    const { status, body, headers, isFault } = errorAnswer(error);
    if (isFault) onError(error);
    return context.json(body, status, headers);
  });
  return app;
}

/**
 * Sent with every answer. Scripts and styles come from this server's own files and nothing else is loaded; no text can
 * become a script, even if the page had a fault: nothing in it is allowed to make elements from strings.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};
