import { Hono } from 'hono';
import type { AnnotationDesk } from '../desk/annotation-desk.ts';
import { leadsOnly, type WebEnvironment } from './guard.ts';
import { INVITE_BODY, readBody, readNumber, readShape } from './read-request.ts';
import type { Sessions } from './sessions.ts';
import type { LinksAnswer } from './web-api.ts';

/** The personal links of a campaign, for leads. */
export function linkRoutes(desk: AnnotationDesk, sessions: Sessions): Hono<WebEnvironment> {
  const routes = new Hono<WebEnvironment>();
  routes.use(leadsOnly);
  routes.get('/', ({ json }) => json(linksAnswer(desk, sessions)));
  routes.post('/', async (context) => {
    for (const name of readShape(INVITE_BODY, await readBody(context)).names) desk.people.invite(name);
    return context.json(linksAnswer(desk, sessions));
  });
  routes.post('/:id/revoke', ({ req, json }) => {
    desk.people.revoke(readNumber(req.param('id')));
    return json(linksAnswer(desk, sessions));
  });
  return routes;
}

function linksAnswer({ people }: AnnotationDesk, sessions: Sessions): LinksAnswer {
  const all = people.links();
  const active = all.filter(({ revokedAtMs }) => revokedAtMs === null);
  return {
    links: active.map((link) => ({
      id: link.id,
      annotator: link.annotator,
      token: sessions.tokenOf(link),
      createdAtMs: link.createdAtMs,
    })),
    revoked: all.length - active.length,
  };
}
