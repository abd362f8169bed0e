import type { Fault } from './provider-server.ts';
import {
  holdsUnstorable,
  type RestAnswer,
  type RestRequest,
  type RestServer,
  type RestServerOptions,
  startRestServer,
} from './rest-server.ts';

export const LEGACY_TOKEN = '0123456789abcdef0123456789abcdef01234567';
export const PERSONAL_TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.c2lnbmF0dXJl';

const PAGE_SIZE = 100;
const ACCESS_LIFE_MS = 300_000;
const LONGEST_TITLE = 50;

interface Project {
  readonly id: number;
  readonly title: string;
  label_config: string;
  readonly maximum_annotations: number;
}

interface Task {
  readonly id: number;
  readonly project: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly predictions: readonly unknown[];
  readonly annotations: Record<string, unknown>[];
  readonly drafts: Record<string, unknown>[];
}

/** What a person does to a task. */
export interface Deed {
  /** By default what the person wrote; absent, an empty result. */
  readonly text?: string;
  readonly verdict?: 'ok' | 'reject';
  readonly user?: number;
  readonly cancelled?: boolean;
  readonly seconds?: number;
  readonly at?: string;
}

export interface LabelStudio extends RestServer {
  readonly projects: readonly Project[];
  readonly tasks: Task[];
  /** As a person would in the browser. @returns the new project's number */
  addProject(title: string, labelConfig: string): number;
  /** A person submits (or skips) the task of an item. */
  annotate(itemId: string, deed: Deed): void;
  /** A person changes the latest annotation of an item. */
  edit(itemId: string, deed: Deed): void;
  /** A person writes and does not submit. */
  draft(itemId: string, deed: Deed): void;
}

export interface LabelStudioOptions extends RestServerOptions {
  /** Time, for the life of access tokens. */
  readonly now?: () => number;
  /** Most tasks or projects on a page, for any page size asked for. */
  readonly mostOnPage?: number;
  /** Imports are put off for so many looks, as editions other than the community's do; `fails`: and then fail. */
  readonly putOff?: { readonly looks: number; readonly fails?: boolean };
  /** The list of tasks does not say how many there are. */
  readonly totalMissing?: boolean;
}

/**
 * Speaks the part of Label Studio's API that is used here. `POST /test/annotate` with
 * `{"responses": {"<winnow_id>": "…"}}` has a person answer these items.
 */
export async function startLabelStudio(options: LabelStudioOptions = {}): Promise<LabelStudio> {
  const { now = Date.now, mostOnPage = 1_000, putOff, totalMissing = false } = options;
  const projects: Project[] = [];
  const tasks: Task[] = [];
  const jobs: { looksLeft: number; readonly run: () => void }[] = [];
  const access = new Map<string, number>();
  let lastId = 0;

  const addProject = (title: string, label_config: string, maximum_annotations = 1): Project => {
    const project = { id: projects.length + 1, title, label_config, maximum_annotations };
    projects.push(project);
    return project;
  };

  const addTasks = (project: number, given: readonly Given[]): number[] =>
    given.map(({ data, predictions = [] }) => {
      const id = tasks.length + 1;
      tasks.push({ id, project, data, predictions, annotations: [], drafts: [] });
      return id;
    });

  const importTasks = (project: Project, body: unknown): RestAnswer | Fault => {
    const given = body as readonly Given[];
    const variables = [...project.label_config.matchAll(/"\$(\w+)"/g)].map(([, name]) => name!);
    for (const [index, { data }] of given.entries()) {
      const missing = variables.find((name) => !(name in data));
      if (missing === undefined) continue;
      const problem = `Error at item ${index}: "${missing}" key is expected in task data`;
      const body = { status_code: 400, detail: 'Validation error', validation_errors: { non_field_errors: [problem] } };
      return { status: 400, body };
    }
    if (holdsUnstorable(given)) return { fault: 'status', status: 500, message: 'unsupported Unicode escape sequence' };
    if (putOff) {
      jobs.push({ looksLeft: putOff.looks, run: () => addTasks(project.id, given) });
      return { status: 201, body: { import: jobs.length } };
    }
    const ids = addTasks(project.id, given);
    return { status: 201, body: { task_count: ids.length, annotation_count: 0, prediction_count: 0, task_ids: ids } };
  };

  const jobState = (number: number): RestAnswer => {
    const job = jobs[number - 1]!;
    job.looksLeft -= 1;
    if (job.looksLeft > 0) return { body: { id: number, status: 'in_progress', error: null } };
    if (putOff?.fails) return { body: { id: number, status: 'failed', error: 'the labels do not fit' } };
    if (job.looksLeft === 0) job.run();
    return { body: { id: number, status: 'completed', error: null } };
  };

  const projectRoute = (project: Project, { method, path, body, query }: RestRequest): RestAnswer | Fault => {
    const rest = path.replace(/^\/api\/projects\/\d+/, '');
    if (method === 'GET' && rest === '') return { body: project };
    if (method === 'POST' && rest === '/import') return importTasks(project, body);
    if (method === 'GET' && rest.startsWith('/imports/')) return jobState(Number(rest.split('/')[2]));
    if (method === 'GET' && rest === '/export') {
      const all = query.get('download_all_tasks') === 'true';
      const mine = tasks.filter((task) => task.project === project.id && (all || task.annotations.length > 0));
      return { body: mine.map(exported) };
    }
    return NOT_FOUND;
  };

  const createProject = (body: unknown): RestAnswer => {
    const { title, label_config, maximum_annotations = 1 } = body as Omit<Project, 'id'>;
    if (title.length > LONGEST_TITLE) {
      const problem = `Ensure this field has no more than ${LONGEST_TITLE} characters.`;
      const body = { status_code: 400, detail: 'Validation error', validation_errors: { title: [problem] } };
      return { status: 400, body };
    }
    return { status: 201, body: addProject(title, label_config, maximum_annotations) };
  };

  const route = (request: RestRequest): RestAnswer | Fault => {
    const { method, path, query, body } = request;
    if (path === '/test/annotate') {
      const { responses } = body as { responses: Readonly<Record<string, string>> };
      for (const [itemId, text] of Object.entries(responses)) annotate(itemId, { text });
      return { body: { annotated: Object.keys(responses).length } };
    }
    if (method === 'POST' && path === '/api/token/refresh') {
      if ((body as { refresh?: unknown }).refresh !== PERSONAL_TOKEN) return UNAUTHORIZED;
      const token = `eyJ.${access.size + 1}.access`;
      access.set(token, now());
      return { body: { access: token } };
    }
    const [, scheme, token = ''] = /^(Token|Bearer) (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    const known =
      scheme === 'Token' ? token === LEGACY_TOKEN : now() - (access.get(token) ?? -Infinity) < ACCESS_LIFE_MS;
    if (!known) return UNAUTHORIZED;
    if (path === '/api/projects' && method === 'POST') return createProject(body);
    if (path === '/api/projects') {
      const part = query.get('title')?.toLowerCase() ?? '';
      const fitting = projects.filter(({ title }) => title.toLowerCase().includes(part));
      const items = page(fitting, query, mostOnPage);
      return items ? { body: { count: fitting.length, next: null, previous: null, results: items } } : NOT_FOUND;
    }
    if (path === '/api/tasks') {
      const mine = tasks.filter(({ project }) => project === Number(query.get('project')));
      const items = page(mine, query, mostOnPage)?.map(({ id, data, project }) => ({ id, data, project }));
      const total = totalMissing ? {} : { total: mine.length };
      return items ? { body: { tasks: items, total_annotations: 0, total_predictions: 0, ...total } } : NOT_FOUND;
    }
    const project = projects.find(({ id }) => id === Number(/^\/api\/projects\/(\d+)/.exec(path)?.[1]));
    return project ? projectRoute(project, request) : NOT_FOUND;
  };

  const taskOf = (itemId: string): Task => tasks.find(({ data }) => data.winnow_id === itemId)!;
  const annotate = (itemId: string, { user = 1, cancelled = false, seconds = 12.5, ...deed }: Deed): void => {
    lastId += 1;
    const at = deed.at ?? '2025-06-01T10:00:00.000000Z';
    const times = { created_at: at, updated_at: at, lead_time: seconds };
    const annotation = { id: lastId, completed_by: user, was_cancelled: cancelled, ground_truth: false, ...times };
    taskOf(itemId).annotations.push({ ...annotation, result: resultOf(deed) });
  };
  const server = await startRestServer(
    route,
    (status, detail) => ({ id: 'e1', status_code: status, version: '1.13.1', detail, exc_info: null }),
    options,
  );
  return {
    ...server,
    projects,
    tasks,
    addProject: (title, labelConfig) => addProject(title, labelConfig).id,
    annotate,
    edit: (itemId, deed) => {
      const annotation = taskOf(itemId).annotations.at(-1)!;
      Object.assign(annotation, { result: resultOf(deed), updated_at: deed.at });
    },
    draft: (itemId, { user = 1, at = '2025-06-01T10:00:00.000000Z', ...deed }) => {
      lastId += 1;
      const draft = { id: lastId, user: `user-${user}@example.org`, created_at: at, updated_at: at, lead_time: 3 };
      taskOf(itemId).drafts.push({ ...draft, result: resultOf(deed) });
    },
  };
}

interface Given {
  readonly data: Readonly<Record<string, unknown>>;
  readonly predictions?: readonly unknown[];
}

const NOT_FOUND: RestAnswer = { status: 404, body: { status_code: 404, detail: 'Not found.' } };
const UNAUTHORIZED: RestAnswer = { status: 401, body: { status_code: 401, detail: 'Invalid token.' } };

/** @returns undefined past the last page; an empty list has one page */
function page<T>(items: readonly T[], query: URLSearchParams, mostOnPage: number): T[] | undefined {
  const number = Number(query.get('page') ?? '1');
  const size = Math.min(Number(query.get('page_size') ?? PAGE_SIZE), mostOnPage);
  const start = (number - 1) * size;
  return start >= items.length && number > 1 ? undefined : items.slice(start, start + size);
}

function exported({ id, project, data, predictions, annotations, drafts }: Task): unknown {
  return {
    id,
    annotations,
    drafts,
    predictions,
    data,
    meta: {},
    project,
    inner_id: id,
    total_annotations: annotations.length,
  };
}

function resultOf({ text, verdict }: Deed): unknown[] {
  const region = { from_name: 'response', to_name: 'prompt', origin: 'manual' };
  return [
    ...(text === undefined ? [] : [{ ...region, id: 'a', type: 'textarea', value: { text: [text] } }]),
    ...(verdict === undefined
      ? []
      : [{ ...region, from_name: 'verdict', id: 'b', type: 'choices', value: { choices: [verdict] } }]),
  ];
}
