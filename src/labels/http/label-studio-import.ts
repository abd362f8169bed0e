import { z } from 'zod';
import { LabelError } from '../../domain/errors.ts';
import { everyPage } from './every-page.ts';
import type { JsonApi } from './json-api.ts';
import type { KeyedRecord } from './request-batches.ts';
import { RequestFault } from './request-fault.ts';

const PAGE_SIZE = 500;
/** How long an import whose answer was lost is given to show its tasks before it is sent again. */
const SETTLE_WAITS_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** Between looks at an import that the server does later. */
const POLL_WAIT_MS = 5_000;
const MOST_POLLS = 120;

const tasksReply = z.object({
  tasks: z.array(z.object({ id: z.int(), data: z.looseObject({}) })),
  total: z.int().nonnegative().optional().catch(undefined),
});
/** The community edition imports at once and counts; others import later and name the job. */
const importReply = z.union([
  z.object({ task_count: z.int().nonnegative() }),
  z.object({ import: z.union([z.int(), z.string().regex(/^[\w-]+$/)]) }),
]);
const jobReply = z.object({ status: z.string(), error: z.unknown() });

/** Those of the tasks, in order, whose key no task of the project has. */
export async function missingTasks(
  api: JsonApi,
  project: number,
  tasks: readonly KeyedRecord[],
  signal: AbortSignal | undefined,
): Promise<readonly KeyedRecord[]> {
  const there = await everyPage(
    `tasks of project ${project}`,
    async (page) => {
      const query = `project=${project}&page=${page}&page_size=${PAGE_SIZE}&fields=task_only&resolve_uri=false`;
      const { tasks: items, total } = await taskPage(api, `/api/tasks/?${query}`, page, signal);
      return { items, total };
    },
    ({ id }) => id,
  );
  const keys = new Set(
    there
      .map(({ data }) => data.winnow_id)
      .filter((key) => key != null)
      .map(String),
  );
  return tasks.filter(({ key }) => !keys.has(key));
}

/** Django says 404 to the page after the last. */
async function taskPage(api: JsonApi, path: string, page: number, signal: AbortSignal | undefined) {
  try {
    return await api.get(path, tasksReply, signal);
  } catch (error) {
    if (page > 1 && error instanceof RequestFault && error.status === 404) return { tasks: [], total: undefined };
    throw error;
  }
}

/**
 * Imports tasks none of which is there yet. Label Studio makes a task twice when it is told twice, so
 * a request that perhaps went through is not repeated before the project was looked at for a minute:
 * a slow server may still be at work.
 * @throws LabelError
 */
export async function importTasks(
  api: JsonApi,
  project: number,
  tasks: readonly KeyedRecord[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let missing = tasks;
  for (let tries = 1; missing.length > 0; tries += 1) {
    try {
      return await importOnce(api, project, missing, signal);
    } catch (error) {
      await api.waitForRetry(error, tries, signal);
      if (error instanceof RequestFault && error.perhapsDone) {
        missing = await stillMissing(api, project, missing, signal);
      }
    }
  }
}

async function stillMissing(
  api: JsonApi,
  project: number,
  tasks: readonly KeyedRecord[],
  signal: AbortSignal | undefined,
): Promise<readonly KeyedRecord[]> {
  let missing = tasks;
  for (const waitMs of SETTLE_WAITS_MS) {
    if (waitMs > 0) await api.clock.sleep(waitMs, signal);
    missing = await missingTasks(api, project, missing, signal);
    if (missing.length === 0) break;
  }
  return missing;
}

async function importOnce(
  api: JsonApi,
  project: number,
  tasks: readonly KeyedRecord[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = `/api/projects/${project}/import?return_task_ids=true`;
  const reply = await api.once({ method: 'POST', path, body: tasks.map(({ body }) => body) }, importReply, signal);
  if ('import' in reply) return importJob(api, project, reply.import, signal);
  if (reply.task_count === tasks.length) return;
  throw new LabelError(`Label Studio made ${reply.task_count} tasks out of ${tasks.length}.`, {
    hint: 'Run the same command again: it sends those that are missing.',
  });
}

/** Waits until the server has done an import that it put off. */
async function importJob(
  api: JsonApi,
  project: number,
  job: string | number,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let polls = 1; polls <= MOST_POLLS; polls += 1) {
    const { status, error } = await api.get(`/api/projects/${project}/imports/${job}`, jobReply, signal);
    if (status === 'completed') return;
    if (status === 'failed') {
      const why = typeof error === 'string' && error !== '' ? `: ${api.quoted(error)}` : '';
      throw new LabelError(`Label Studio could not import the tasks${why}.`, {
        hint: `Look at project ${project}; the same command sends again what is missing there.`,
      });
    }
    await api.clock.sleep(POLL_WAIT_MS, signal);
  }
  const minutes = (MOST_POLLS * POLL_WAIT_MS) / 60_000;
  throw new LabelError(`Label Studio is still importing after ${minutes} minutes.`, {
    hint: `Run the same command again once the tasks are in project ${project}: before, they would be made twice.`,
  });
}
