import { type Context, Hono } from 'hono';
import { payTable } from '../../campaign/pay.ts';
import type { AnnotationDesk } from '../desk/annotation-desk.ts';
import { leadsOnly, nameOfSender, type WebEnvironment } from './guard.ts';
import {
  DROP_BODY,
  LABELS_QUERY,
  LEAD_BODY,
  PAY_BODY,
  RESTORE_BODY,
  readBody,
  readNumber,
  readShape,
} from './read-request.ts';
import type { LabelsAnswer, LeadAnswer, LeadItemAnswer, PayAnswer } from './web-api.ts';

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
  routes.post('/items/:number/actions', async (context) => {
    const number = readNumber(context.req.param('number'));
    desk.lead.act(leadName(context), number, readShape(LEAD_BODY, await readBody(context)));
    return context.json<LeadItemAnswer>(desk.labels.item(number));
  });
  routes.post('/people/drop', async (context) => {
    const { annotator, askAgain } = readShape(DROP_BODY, await readBody(context));
    desk.lead.drop(leadName(context), annotator, askAgain);
    return context.json<LeadAnswer>(desk.teamOverview());
  });
  routes.post('/people/restore', async (context) => {
    desk.lead.restore(leadName(context), readShape(RESTORE_BODY, await readBody(context)).annotator);
    return context.json<LeadAnswer>(desk.teamOverview());
  });
  routes.get('/pay', ({ json }) => json<PayAnswer>(desk.lead.pay()));
  routes.get('/pay.csv', (context) => {
    context.header('content-disposition', 'attachment; filename="pay.csv"');
    return context.body(payTable(desk.lead.pay()), 200, { 'content-type': 'text/csv; charset=utf-8' });
  });
  routes.post('/pay', async (context) => {
    desk.lead.adjustPay(leadName(context), readShape(PAY_BODY, await readBody(context)));
    return context.json<PayAnswer>(desk.lead.pay());
  });
  return routes;
}

/** Leads need no name. */
function leadName(context: Context<WebEnvironment>): string {
  return nameOfSender(context) ?? 'Lead';
}
