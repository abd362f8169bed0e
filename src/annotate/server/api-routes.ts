import { Hono } from 'hono';
import type { AnnotationDesk } from '../desk/annotation-desk.ts';
import type { DeskItem } from '../desk/desk-views.ts';
import type { Clients } from './clients.ts';
import { readAnnotator, type WebEnvironment } from './guard.ts';
import {
  LABEL_BODY,
  LIST_QUERY,
  NEXT_BODY,
  ROUND_QUERY,
  readBody,
  readNumber,
  readShape,
  SAVE_BODY,
} from './read-request.ts';
import type {
  GuidelinesAnswer,
  LabelAnswer,
  ListAnswer,
  NextAnswer,
  OpenAnswer,
  ProgressAnswer,
  SaveAnswer,
} from './web-api.ts';

/** The desk over HTTP: each route reads its request, calls the desk and answers with JSON. */
export function apiRoutes(desk: AnnotationDesk, clients: Clients): Hono<WebEnvironment> {
  const api = new Hono<WebEnvironment>();
  const withNext = <Item extends DeskItem | null>(annotator: string, item: Item) => {
    const ahead = item === null ? null : desk.ahead(annotator, item.number);
    return { item, ahead, progress: desk.progress(annotator) };
  };

  api.get('/guidelines', ({ json }) => json<GuidelinesAnswer>(desk.guidelines()));

  api.use('/items', readAnnotator);
  api.use('/items/*', readAnnotator);
  api.use('/next', readAnnotator);
  api.use('/progress', readAnnotator);

  api.get('/items', ({ get, json, req }) =>
    json<ListAnswer>(desk.list(get('annotator'), readShape(LIST_QUERY, req.query()))),
  );
  api.get('/progress', ({ get, json, req }) =>
    json<ProgressAnswer>(desk.progress(get('annotator'), readShape(ROUND_QUERY, req.query()).round)),
  );
  api.post('/next', async (context) => {
    const annotator = context.get('annotator');
    const from = readShape(NEXT_BODY, await readBody(context));
    const item = desk.next(annotator, from, clients.newcomers(context));
    return context.json<NextAnswer>(withNext(annotator, item));
  });
  api.post('/items/:number/open', (context) => {
    const annotator = context.get('annotator');
    const item = desk.open(annotator, readNumber(context.req.param('number')), clients.newcomers(context));
    return context.json<OpenAnswer>(withNext(annotator, item));
  });
  api.put('/items/:number/writing', async (context) => {
    const number = readNumber(context.req.param('number'));
    const save = readShape(SAVE_BODY, await readBody(context));
    return context.json<SaveAnswer>(desk.save(context.get('annotator'), number, save, clients.newcomers(context)));
  });
  api.post('/items/:number/label', async (context) => {
    const annotator = context.get('annotator');
    const number = readNumber(context.req.param('number'));
    const { shown, ...label } = readShape(LABEL_BODY, await readBody(context));
    const item = desk.submit(annotator, number, label);
    const next = shown === undefined ? desk.next(annotator, { after: number }) : desk.open(annotator, shown);
    return context.json<LabelAnswer>({ item, next: withNext(annotator, next) });
  });
  api.post('/items/:number/release', (context) => {
    desk.release(context.get('annotator'), readNumber(context.req.param('number')));
    return context.body(null, 204);
  });
  return api;
}
