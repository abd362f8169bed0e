import { Hono } from 'hono';
import type { AnnotationDesk } from '../desk/annotation-desk.ts';
import { leadsOnly, type WebEnvironment } from './guard.ts';
import { LABELS_QUERY, readNumber, readShape } from './read-request.ts';
import type { LabelsAnswer, LeadAnswer, LeadItemAnswer } from './web-api.ts';

/** What only leads see: everyone's work and every label. */
export function leadRoutes(desk: AnnotationDesk): Hono<WebEnvironment> {
  const routes = new Hono<WebEnvironment>();
  routes.use('*', leadsOnly);
  routes.get('/', ({ json }) => json<LeadAnswer>(desk.teamOverview()));
  routes.get('/labels', ({ json, req }) => {
    const { doubtful, ...query } = readShape(LABELS_QUERY, req.query());
    return json<LabelsAnswer>(desk.labels.list({ ...query, doubtful: doubtful === 'only' }));
  });
  routes.get('/items/:number', ({ json, req }) =>
    json<LeadItemAnswer>(desk.labels.item(readNumber(req.param('number')))),
  );
  return routes;
}
