import { Hono } from 'hono';
import type { AnnotationDesk } from '../desk/annotation-desk.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { apiRoutes } from './api-routes.ts';
import { Clients } from './clients.ts';
import { guardCampaign, guardHost, guardOrigin, guardSession, type WebEnvironment } from './guard.ts';
import { errorAnswer, HttpError } from './http-error.ts';
import { leadRoutes } from './lead-routes.ts';
import { linkRoutes } from './link-routes.ts';
import type { PageFiles } from './page-files.ts';
import { sessionRoutes, signIn } from './session-routes.ts';
import { type Access, Sessions } from './sessions.ts';

/**
 * Headers of every answer. Scripts and styles load only from this server, and the page cannot turn text into script or
 * markup even if its code has a bug.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
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

export interface WebAppOptions {
  readonly desk: AnnotationDesk;
  readonly page: PageFiles;
  readonly hosts: AllowedHosts;
  /** Null: only this machine can reach the server, and no one proves who they are. */
  readonly access: Access | null;
  /** From a cryptographically secure source. */
  readonly randomBytes: (count: number) => Buffer;
  /** Called with unexpected errors. The client does not see them. */
  readonly onError: (error: unknown) => void;
}

/**
 * The annotation page and its API. Every request must use an allowed host name; API requests must also come from this
 * server's own page and prove who sends them. All of that is checked before anything else is read. The page itself contains
 * no data and needs no proof.
 */
export function createWebApp({ desk, page, hosts, access, randomBytes, onError }: WebAppOptions): Hono<WebEnvironment> {
  const sessions = access === null ? null : new Sessions(access, desk.key, (id) => desk.people.link(id));
  const clients = new Clients(desk, randomBytes);
  const app = new Hono<WebEnvironment>();
  app.use(async (context, next) => {
    // Set first, so that error answers have them too.
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
    context.header('cache-control', 'no-store');
    await next();
  });
  app.use(guardHost(hosts));
  app.use('/api/*', guardOrigin(hosts));
  app.use('/api/session', clients.mark);
  app.post('/api/session', signIn(desk, sessions));
  app.use('/api/*', guardSession(sessions));
  app.route('/api', sessionRoutes(desk, sessions));
  app.use('/api/*', guardCampaign(desk.key));
  if (sessions !== null) app.route('/api/links', linkRoutes(desk, sessions));
  app.route('/api/lead', leadRoutes(desk));
  app.route('/api', apiRoutes(desk, clients));
  for (const [path, { type, content, etag }] of page) {
    app.get(path, (context) => {
      context.header('cache-control', 'no-cache');
      context.header('etag', etag);
      if (context.req.header('if-none-match') === etag) return context.body(null, 304);
      return context.body(content, 200, { 'content-type': type });
    });
  }
  app.notFound(() => {
    throw new HttpError('NOT_FOUND', 'This address does not exist.');
  });
  app.onError((error, context) => {
    const { status, body, headers, isUnexpected } = errorAnswer(error);
    if (isUnexpected) onError(error);
    return context.json(body, status, headers);
  });
  return app;
}
