import { z } from 'zod';
import type { LabelTask } from '../../domain/label.ts';
import { argillaRecord, readArgillaRecord } from '../argilla-record.ts';
import { decodeRecords } from '../record-codec.ts';
import { type DatasetAddress, findDataset, findWorkspace, openDataset } from './argilla-dataset.ts';
import { keyOf, openConnection } from './connection.ts';
import { everyPage } from './every-page.ts';
import { JsonApi } from './json-api.ts';
import type { LabelServer, LabelServerOptions } from './label-server.ts';
import { keyedRecords, requestBatches } from './request-batches.ts';

const MOST_RECORDS_A_REQUEST = 500;
const PAGE_SIZE = 100;

const recordsReply = z.object({
  items: z.array(z.looseObject({ id: z.string(), external_id: z.string().nullish() })),
  total: z.int().nonnegative().nullish().catch(undefined),
});

export interface ArgillaServerOptions extends LabelServerOptions {
  /** The dataset's name; one that does not exist is created by `push`. */
  readonly dataset: string;
  /** Its workspace's name; may be left out where the user sees one workspace only. */
  readonly workspace?: string | undefined;
}

/**
 * Argilla 2 over its HTTP API. Records are known by our id, their `external_id`; those that are there are
 * left as they are, so that no answer, suggestion or note changes under people's hands.
 * Cost: one request for 100 records that are there, and one for 500 that are not.
 * @throws LabelError for an address or a key that cannot be one
 */
export function argillaServer(options: ArgillaServerOptions): LabelServer {
  const connection = openConnection('Argilla', options);
  const headers = { 'x-argilla-api-key': keyOf(connection) };
  const api = new JsonApi(connection, { headers: async () => headers, expire: () => false }, options);
  const address: DatasetAddress = { dataset: options.dataset, workspace: options.workspace };
  return {
    name: 'argilla',
    address: connection.baseUrl,
    async check({ signal } = {}) {
      await findWorkspace(api, address.workspace, signal);
    },
    async push(tasks, { signal, onProgress } = {}) {
      const { id, questionId } = await openDataset(api, address, { annotators: options.annotators ?? 1, signal });
      const keyed = keyedRecords(tasks, (task) => recordOf(task, questionId));
      const there = await allRecords(api, id, { signal });
      const keys = new Set(there.map(({ external_id }) => external_id));
      const missing = keyed.filter(({ key }) => !keys.has(key));
      const present = keyed.length - missing.length;
      let created = 0;
      for (const batch of requestBatches(missing, MOST_RECORDS_A_REQUEST)) {
        const body = { items: batch.map((record) => record.body) };
        const path = `/api/v1/datasets/${id}/records/bulk`;
        // Harmless to do again: a record with a known external_id is not made twice.
        await api.retrying(signal, () => api.once({ method: 'PUT', path, body }, recordsReply, signal));
        created += batch.length;
        onProgress?.({ phase: 'write', done: present + created, total: keyed.length });
      }
      return { created, present, url: `${connection.baseUrl}/dataset/${id}/annotation-mode` };
    },
    async pull({ signal, onProgress } = {}) {
      const id = await findDataset(api, address, signal);
      const found = await allRecords(api, id, { signal, include: ['responses', 'suggestions'], onProgress });
      const records = found.map((value) => ({ place: `record ${value.external_id ?? value.id}`, value }));
      return decodeRecords({ format: 'json', records, unreadable: [] }, readArgillaRecord);
    },
  };
}

/** Our record as the API takes it: the SDK's names differ, and suggestions name their question by its id. */
function recordOf(task: LabelTask, questionId: string): object {
  const { id, fields, metadata, suggestions } = argillaRecord(task);
  const { response } = suggestions;
  return {
    external_id: id,
    fields,
    metadata,
    ...(response === undefined ? {} : { suggestions: [{ question_id: questionId, type: 'model', ...response }] }),
  };
}

function allRecords(
  api: JsonApi,
  datasetId: string,
  { signal, include = [], onProgress }: Parameters<LabelServer['pull']>[0] & { readonly include?: readonly string[] },
) {
  return everyPage(
    'records of the dataset',
    async (_, seen) => {
      const query = new URLSearchParams({ offset: String(seen), limit: String(PAGE_SIZE) });
      for (const relation of include) query.append('include', relation);
      const { items, total } = await api.get(`/api/v1/datasets/${datasetId}/records?${query}`, recordsReply, signal);
      return { items, total: total ?? undefined };
    },
    ({ id }) => id,
    (done, total) => onProgress?.({ phase: 'read', done, ...(total === undefined ? {} : { total }) }),
  );
}
