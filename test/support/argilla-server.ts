import {
  holdsUnstorable,
  type RestAnswer,
  type RestRequest,
  type RestServer,
  type RestServerOptions,
  startRestServer,
} from './rest-server.ts';

export const ARGILLA_KEY = 'argilla.apikey-of-the-test-owner';

const MOST_RECORDS_A_PAGE = 1_000;
const MOST_RECORDS_A_REQUEST = 500;

interface Part {
  readonly id: string;
  readonly name: string;
  readonly required?: boolean;
}

interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly workspace_id: string;
  status: 'draft' | 'ready';
  readonly distribution: unknown;
  readonly fields: Part[];
  readonly questions: Part[];
  readonly metadata: Part[];
  readonly records: StoredRecord[];
}

interface StoredRecord {
  readonly id: string;
  readonly external_id: string;
  readonly fields: Readonly<Record<string, string>>;
  metadata: unknown;
  suggestions: readonly Suggestion[];
  readonly responses: ArgillaResponse[];
}

interface Suggestion {
  readonly question_id: string;
  readonly value: unknown;
  readonly score?: number;
}

interface ArgillaResponse {
  readonly id: string;
  readonly user_id: string;
  status: 'submitted' | 'discarded' | 'draft';
  values: unknown;
  updated_at: string;
}

/** What a person does to a record; a second deed of the same person replaces the first, as Argilla has it. */
export interface ArgillaDeed {
  readonly text?: string;
  readonly status?: ArgillaResponse['status'];
  readonly user?: string;
  readonly at?: string;
}

export interface Argilla extends RestServer {
  readonly datasets: readonly Dataset[];
  respond(externalId: string, deed: ArgillaDeed): void;
}

export interface ArgillaOptions extends RestServerOptions {
  /** Names of the workspaces the user sees. */
  readonly workspaces?: readonly string[];
}

/**
 * Speaks the part of Argilla 2's API that is used here. `POST /test/annotate` with
 * `{"responses": {"<external_id>": "…"}}` has a person submit these.
 */
export async function startArgilla(options: ArgillaOptions = {}): Promise<Argilla> {
  const { workspaces = ['argilla'] } = options;
  const datasets: Dataset[] = [];
  let lastId = 0;
  const nextId = (): string => {
    lastId += 1;
    return `00000000-0000-4000-8000-${String(lastId).padStart(12, '0')}`;
  };
  const visible = workspaces.map((name) => ({ id: nextId(), name }));

  const respondTo = (externalId: string, { text, status = 'submitted', user = 'anna', ...deed }: ArgillaDeed): void => {
    const record = datasets.flatMap(({ records }) => records).find(({ external_id }) => external_id === externalId)!;
    const response = {
      id: nextId(),
      user_id: user,
      status,
      values: text === undefined ? null : { response: { value: text } },
      inserted_at: '2025-06-01T09:00:00.000000',
      updated_at: deed.at ?? '2025-06-01T10:00:00.000000',
    };
    const earlier = record.responses.find(({ user_id }) => user_id === user);
    if (earlier) Object.assign(earlier, { ...response, id: earlier.id });
    else record.responses.push(response);
  };

  const createDataset = (body: unknown): RestAnswer => {
    const { name, workspace_id, distribution } = body as Dataset;
    if (!visible.some(({ id }) => id === workspace_id)) return refusal(422, 'Workspace does not exist');
    if (datasets.some((other) => other.name === name && other.workspace_id === workspace_id)) {
      return refusal(409, `Dataset with name \`${name}\` already exists`);
    }
    const empty = { fields: [], questions: [], metadata: [], records: [] };
    const dataset: Dataset = { id: nextId(), name, workspace_id, distribution, status: 'draft', ...empty };
    datasets.push(dataset);
    return { status: 201, body: shown(dataset) };
  };

  const addPart = (dataset: Dataset, parts: Part[], body: unknown): RestAnswer => {
    const part = body as Part;
    if (dataset.status === 'ready') return refusal(422, 'It cannot be created for a published dataset');
    if (parts.some(({ name }) => name === part.name)) return refusal(409, `\`${part.name}\` already exists`);
    parts.push({ ...part, id: nextId() });
    return { status: 201, body: parts.at(-1) };
  };

  const publish = (dataset: Dataset): RestAnswer => {
    if (dataset.status === 'ready') return refusal(422, 'Dataset is already published');
    if (!dataset.fields.some(({ required }) => required)) return refusal(422, 'Dataset needs a required field');
    if (!dataset.questions.some(({ required }) => required)) return refusal(422, 'Dataset needs a required question');
    dataset.status = 'ready';
    return { body: shown(dataset) };
  };

  const upsert = (dataset: Dataset, body: unknown): RestAnswer => {
    const { items } = body as { items: readonly Omit<StoredRecord, 'id' | 'responses'>[] };
    if (dataset.status !== 'ready') return refusal(422, 'Records cannot be created for a draft dataset');
    if (items.length === 0 || items.length > MOST_RECORDS_A_REQUEST) return refusal(422, `${items.length} items`);
    const problem = items.map((item) => problemOf(dataset, item)).find((found) => found !== undefined);
    if (problem !== undefined) return refusal(422, problem);
    const records = items.map(({ external_id, fields, metadata, suggestions = [] }) => {
      const there = dataset.records.find((record) => record.external_id === external_id);
      if (there) return Object.assign(there, { metadata, suggestions });
      const record = { id: nextId(), external_id, fields, metadata, suggestions, responses: [] };
      dataset.records.push(record);
      return record;
    });
    return { body: { items: records } };
  };

  const listRecords = (dataset: Dataset, query: URLSearchParams): RestAnswer => {
    const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 50)];
    if (limit > MOST_RECORDS_A_PAGE) return refusal(422, 'limit is too high');
    const include = query.getAll('include');
    const items = dataset.records.slice(offset, offset + limit).map(({ responses, suggestions, ...record }) => ({
      ...record,
      status: responses.some(({ status }) => status === 'submitted') ? 'completed' : 'pending',
      ...(include.includes('responses') ? { responses } : {}),
      ...(include.includes('suggestions') ? { suggestions } : {}),
    }));
    return { body: { items, total: dataset.records.length } };
  };

  const datasetRoute = (dataset: Dataset, rest: string, { method, query, body }: RestRequest): RestAnswer => {
    const parts = { fields: dataset.fields, questions: dataset.questions, 'metadata-properties': dataset.metadata }[
      rest
    ];
    if (parts) return method === 'GET' ? { body: { items: parts } } : addPart(dataset, parts, body);
    if (method === 'PUT' && rest === 'publish') return publish(dataset);
    if (method === 'PUT' && rest === 'records/bulk') return upsert(dataset, body);
    if (method === 'GET' && rest === 'records') return listRecords(dataset, query);
    return refusal(404, 'Not found');
  };

  const route = (request: RestRequest): RestAnswer => {
    const { method, path, query, body, headers } = request;
    if (path === '/test/annotate') {
      const { responses } = body as { responses: Readonly<Record<string, string>> };
      for (const [externalId, text] of Object.entries(responses)) respondTo(externalId, { text });
      return { body: { annotated: Object.keys(responses).length } };
    }
    if (headers['x-argilla-api-key'] !== ARGILLA_KEY) return refusal(401, 'Could not validate credentials');
    if (path === '/api/v1/me/workspaces') return { body: { items: visible } };
    if (path === '/api/v1/datasets' && method === 'POST') return createDataset(body);
    if (path === '/api/v1/me/datasets') {
      const fits = (key: 'name' | 'workspace_id', dataset: Dataset) => [null, dataset[key]].includes(query.get(key));
      const items = datasets.filter((dataset) => fits('name', dataset) && fits('workspace_id', dataset));
      return { body: { items: items.map(shown) } };
    }
    const [, id, rest = ''] = /^\/api\/v1(?:\/me)?\/datasets\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const dataset = datasets.find((other) => other.id === id);
    return dataset ? datasetRoute(dataset, rest, request) : refusal(404, 'Dataset not found');
  };

  const server = await startRestServer(route, (status, message) => refusal(status, message).body, options);
  return { ...server, datasets, respond: respondTo };
}

function refusal(status: number, detail: string): RestAnswer {
  return { status, body: { detail: { code: 'argilla.api.errors::Error', params: { detail } } } };
}

function shown({ id, name, workspace_id, status, distribution }: Dataset): unknown {
  return { id, name, workspace_id, status, distribution, allow_extra_metadata: true, guidelines: null };
}

function problemOf(dataset: Dataset, item: Omit<StoredRecord, 'id' | 'responses'>): string | undefined {
  const { external_id, fields, metadata, suggestions = [] } = item;
  if (holdsUnstorable(item)) return `record ${external_id} holds a NUL or a lone surrogate`;
  const missing = dataset.fields.find(({ name, required }) => required && typeof fields[name] !== 'string');
  if (missing) return `record ${external_id} lacks the field ${missing.name}`;
  const unknown = Object.keys(fields).find((name) => !dataset.fields.some((field) => field.name === name));
  if (unknown !== undefined) return `record ${external_id} has an unknown field ${unknown}`;
  const values = metadata as Readonly<Record<string, unknown>>;
  const wrong = dataset.metadata.find(({ name }) => name in values && !Number.isInteger(values[name]));
  if (wrong) return `metadata ${wrong.name} of record ${external_id} is no integer`;
  const bad = suggestions.find(
    ({ question_id, score = 0 }) => !dataset.questions.some(({ id }) => id === question_id) || score < 0 || score > 1,
  );
  return bad ? `a suggestion of record ${external_id} does not fit` : undefined;
}
