import { z } from 'zod';
import { LabelError } from '../../domain/errors.ts';
import type { JsonApi } from './json-api.ts';

/** Our one question: what the response is read from. */
const RESPONSE_QUESTION = 'response';

/** What our records show, by the names `argillaRecord` gives them. */
const FIELDS = [
  { name: 'instruction', title: 'Instruction', required: true },
  { name: 'input', title: 'Input', required: false },
  { name: 'note', title: 'Why it is here', required: false },
].map((field) => ({ ...field, settings: { type: 'text', use_markdown: false } }));
/** What annotators are asked. The suggestion fills it in. */
const QUESTIONS = [
  { name: RESPONSE_QUESTION, title: 'Response', required: true, settings: { type: 'text', use_markdown: false } },
];
/** What annotators can sort and filter by; the rest of the metadata needs no declaration. */
const METADATA = ['round', 'rank'].map((name) => ({
  name,
  title: name === 'round' ? 'Round' : 'Rank',
  settings: { type: 'integer' },
  visible_for_annotators: true,
}));

const id = z.string().regex(/^[\w-]+$/);
const named = z.object({ id, name: z.string() });
const namedList = z.object({ items: z.array(named) });
const dataset = z.object({ id, name: z.string(), workspace_id: id, status: z.string() });
const datasetList = z.object({ items: z.array(dataset) });

/** A dataset that takes records. */
export interface ArgillaDataset {
  readonly id: string;
  /** Of the question for the response: suggestions name it by its id. */
  readonly questionId: string;
}

export interface DatasetAddress {
  readonly dataset: string;
  /** May be left out where the user sees one workspace only. */
  readonly workspace: string | undefined;
}

/**
 * Finds the dataset by its name, or creates it; one that was left half made is completed and published.
 * Each step looks first at what is there, so it may be cut off anywhere and called again.
 * @throws LabelError for a workspace that cannot be told, or a published dataset that does not fit our records
 */
export async function openDataset(
  api: JsonApi,
  address: DatasetAddress,
  { annotators, signal }: { readonly annotators: number; readonly signal: AbortSignal | undefined },
): Promise<ArgillaDataset> {
  const workspace = await findWorkspace(api, address.workspace, signal);
  const found = await api.retrying(signal, async () => {
    const there = await datasetByName(api, workspace.id, address.dataset, signal);
    if (there) return there;
    const body = {
      name: address.dataset,
      workspace_id: workspace.id,
      distribution: { strategy: 'overlap', min_submitted: annotators },
    };
    return api.once({ method: 'POST', path: '/api/v1/datasets', body }, dataset, signal);
  });
  if (found.status !== 'ready') {
    await completeDataset(api, found.id, signal);
    await publish(api, found.id, workspace.id, address, signal);
  }
  return fittingDataset(api, found.id, address, signal);
}

/** Like `openDataset`, but what does not exist is an error. */
export async function findDataset(
  api: JsonApi,
  address: DatasetAddress,
  signal: AbortSignal | undefined,
): Promise<string> {
  const workspace = await findWorkspace(api, address.workspace, signal);
  const found = await datasetByName(api, workspace.id, address.dataset, signal);
  if (found) return found.id;
  throw new LabelError(`Argilla's workspace "${workspace.name}" has no dataset "${address.dataset}".`, {
    hint: 'Push to it first, which creates it; or give the exact name of another one.',
  });
}

export async function findWorkspace(api: JsonApi, name: string | undefined, signal: AbortSignal | undefined) {
  const { items } = await api.get('/api/v1/me/workspaces', namedList, signal);
  const fitting = name === undefined ? items : items.filter((workspace) => workspace.name === name);
  if (fitting.length === 1) return fitting[0]!;
  const names = items.map((workspace) => `"${api.quoted(workspace.name)}"`);
  const shown = names.length === 0 ? 'none' : names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '');
  const what =
    name === undefined ? 'does not tell which workspace is meant' : `has no workspace "${name}" for this user`;
  throw new LabelError(`Argilla at ${api.connection.baseUrl} ${what}; the user sees ${shown}.`, {
    hint: `Name the workspace, or make one in Argilla; the user is the one whose key is in ${api.connection.keySource}.`,
  });
}

async function datasetByName(api: JsonApi, workspaceId: string, name: string, signal: AbortSignal | undefined) {
  const query = new URLSearchParams({ workspace_id: workspaceId, name });
  const { items } = await api.get(`/api/v1/me/datasets?${query}`, datasetList, signal);
  // Servers that do not know the filters list everything.
  return items.find((item) => item.name === name && item.workspace_id === workspaceId);
}

/** Gives a draft what it lacks. */
async function completeDataset(api: JsonApi, datasetId: string, signal: AbortSignal | undefined): Promise<void> {
  const parts = [
    { list: `/api/v1/datasets/${datasetId}/fields`, wanted: FIELDS },
    { list: `/api/v1/datasets/${datasetId}/questions`, wanted: QUESTIONS },
    {
      list: `/api/v1/me/datasets/${datasetId}/metadata-properties`,
      create: `/api/v1/datasets/${datasetId}/metadata-properties`,
      wanted: METADATA,
    },
  ];
  for (const { list, create = list, wanted } of parts) {
    await api.retrying(signal, async () => {
      const { items } = await api.get(list, namedList, signal);
      const there = new Set(items.map(({ name }) => name));
      for (const part of wanted.filter(({ name }) => !there.has(name))) {
        await api.once({ method: 'POST', path: create, body: part }, named, signal);
      }
    });
  }
}

/** A published dataset cannot be published again, so after a lost response its status is looked up before it is published again. */
async function publish(
  api: JsonApi,
  datasetId: string,
  workspaceId: string,
  address: DatasetAddress,
  signal: AbortSignal | undefined,
): Promise<void> {
  await api.retrying(signal, async () => {
    const { status } = (await datasetByName(api, workspaceId, address.dataset, signal)) ?? {};
    if (status === 'ready') return;
    await api.once({ method: 'PUT', path: `/api/v1/datasets/${datasetId}/publish` }, dataset, signal);
  });
}

/** A dataset of another make may have the name. */
async function fittingDataset(
  api: JsonApi,
  datasetId: string,
  { dataset: name }: DatasetAddress,
  signal: AbortSignal | undefined,
): Promise<ArgillaDataset> {
  const fields = await api.get(`/api/v1/datasets/${datasetId}/fields`, namedList, signal);
  const questions = await api.get(`/api/v1/datasets/${datasetId}/questions`, namedList, signal);
  const question = questions.items.find((item) => item.name === RESPONSE_QUESTION);
  const missing = FIELDS.map((field) => field.name).filter(
    (field) => !fields.items.some((item) => item.name === field),
  );
  if (question && missing.length === 0) return { id: datasetId, questionId: question.id };
  const lacks = [...missing.map((field) => `field ${field}`), ...(question ? [] : [`question ${RESPONSE_QUESTION}`])];
  throw new LabelError(`Argilla's dataset "${name}" does not fit our records: it has no ${lacks.join(', no ')}.`, {
    hint: 'A published dataset cannot be changed: give the name of one that does not exist yet.',
  });
}
