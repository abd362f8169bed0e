import { z } from 'zod';
import { questionsOf } from '../label-studio-questions.ts';
import { areDialogues, labelStudioTask, readLabelStudioRecord } from '../label-studio-task.ts';
import { decodeRecords } from '../record-codec.ts';
import { openConnection } from './connection.ts';
import { JsonApi } from './json-api.ts';
import type { LabelServer, LabelServerOptions } from './label-server.ts';
import { labelStudioCredentials } from './label-studio-credentials.ts';
import { importTasks, missingTasks } from './label-studio-import.ts';
import { findProject, openProject } from './label-studio-project.ts';
import { keyedRecords, requestBatches } from './request-batches.ts';

const MOST_TASKS_A_REQUEST = 1_000;

export interface LabelStudioServerOptions extends LabelServerOptions {
  /** A number, or the title of a project; one that does not exist is created by `push`. */
  readonly project: string | number;
}

/**
 * Label Studio over its HTTP API. Its import never deduplicates: the tasks that are there are listed
 * first, and only those that are missing are sent. The key may be a legacy token or a personal access token.
 *
 * One gap is the server's: where it imports later than it answers (other editions than the community's),
 * and the program is killed meanwhile, a push before the import is done makes those tasks twice.
 * Cost of a push: a request for every 500 tasks that are there and for every 1,000 that are not; of a pull: one.
 * @throws LabelError for an address or a key that cannot be one
 */
export function labelStudioServer(options: LabelStudioServerOptions): LabelServer {
  const connection = openConnection('Label Studio', options);
  const api = new JsonApi(connection, labelStudioCredentials(connection, options.clock), options);
  return {
    name: 'label-studio',
    address: connection.baseUrl,
    async check({ signal } = {}) {
      await api.get('/api/projects/?page=1&page_size=1', z.object({ count: z.int().nonnegative() }), signal);
    },
    async push(tasks, { signal, onProgress, questions = questionsOf(tasks) } = {}) {
      const project = await openProject(api, options.project, {
        ...{ annotators: options.annotators ?? 1, dialogue: areDialogues(tasks), questions, signal },
      });
      const dialogue = areDialogues(tasks) || (project.label_config ?? '').includes('$dialogue');
      const keyed = keyedRecords(tasks, (task) => labelStudioTask(task, dialogue, questions));
      const missing = await missingTasks(api, project.id, keyed, signal);
      const present = keyed.length - missing.length;
      let created = 0;
      for (const batch of requestBatches(missing, MOST_TASKS_A_REQUEST)) {
        await importTasks(api, project.id, batch, signal);
        created += batch.length;
        onProgress?.({ phase: 'write', done: present + created, total: keyed.length });
      }
      return { created, present, url: `${connection.baseUrl}/projects/${project.id}/data` };
    },
    async pull({ signal, onProgress } = {}) {
      const { id } = await findProject(api, options.project, signal);
      const query = 'exportType=JSON&download_all_tasks=true';
      const exported = await api.get(`/api/projects/${id}/export?${query}`, z.array(z.unknown()), signal);
      onProgress?.({ phase: 'read', done: exported.length, total: exported.length });
      const records = exported.map((value, position) => ({ place: `task ${taskId(value) ?? position + 1}`, value }));
      return decodeRecords({ format: 'json', records, unreadable: [] }, readLabelStudioRecord);
    },
  };
}

function taskId(value: unknown): number | undefined {
  const { id } = (value ?? {}) as { id?: unknown };
  return typeof id === 'number' ? id : undefined;
}
