import { type Context, type Handler, Hono } from 'hono';
import { WINNOW_VERSION } from '../../version.ts';
import type { AnnotationDesk } from '../desk/annotation-desk.ts';
import { guardCampaign, tokenWrong, type WebEnvironment } from './guard.ts';
import { HttpError } from './http-error.ts';
import { JOIN_BODY, readBody, readShape, SIGN_IN_BODY } from './read-request.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SessionAnswer } from './web-api.ts';

/**
 * Turns the token of a link into a cookie. Who opens a shared link again stays who they are. Needs no session before.
 * @param sessions null: a link of an earlier start is opened although none is needed now
 */
export function signIn(desk: AnnotationDesk, sessions: Sessions | null): Handler<WebEnvironment> {
  return async (context) => {
    const { token } = readShape(SIGN_IN_BODY, await readBody(context));
    if (sessions === null) return context.json(sessionAnswer(desk, null));
    const session = sessions.ofToken(token);
    if (session === null) throw tokenWrong();
    const before = sessions.ofCookie(context.req.header('cookie'));
    const isKnown =
      before !== null && session.link === null && (session.role === 'annotator' || before.role === 'lead');
    return withCookie(context, desk, sessions, isKnown ? before : session);
  };
}

/** Who the browser is signed in as, joining under a name, and signing out. */
export function sessionRoutes(desk: AnnotationDesk, sessions: Sessions | null): Hono<WebEnvironment> {
  const routes = new Hono<WebEnvironment>();
  routes.get('/session', ({ get, json }) => json(sessionAnswer(desk, get('session'))));
  if (sessions === null) return routes;
  routes.delete('/session', (context) => {
    context.header('set-cookie', sessions.noCookie(isSecure(context)));
    return context.body(null, 204);
  });
  routes.use('/name', guardCampaign(desk.key));
  routes.post('/name', async (context) => {
    const { role, link } = context.get('session')!;
    if (link !== null) {
      throw new HttpError('OTHER_PERSON', `You are signed in as ${link.annotator}.`, 'Reload the page.');
    }
    const { name } = readShape(JOIN_BODY, await readBody(context));
    return withCookie(context, desk, sessions, { role, link: desk.people.join(name) });
  });
  return routes;
}

function withCookie(context: Context, desk: AnnotationDesk, sessions: Sessions, session: Session): Response {
  context.header('set-cookie', sessions.cookieOf(session, isSecure(context)));
  return context.json(sessionAnswer(desk, session));
}

/** Whether the browser reached the page over https, through a proxy. Browsers send the origin with every such request. */
function isSecure({ req }: Context): boolean {
  return req.header('origin')?.startsWith('https:') ?? false;
}

function sessionAnswer(desk: AnnotationDesk, session: Session | null): SessionAnswer {
  return {
    campaign: desk.campaign,
    key: desk.key,
    version: WINNOW_VERSION,
    role: session?.role ?? 'lead',
    hasLinks: session !== null,
    name: session?.link?.annotator ?? null,
  };
}
