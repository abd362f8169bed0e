import { z } from 'zod';
import { LabelError } from '../../domain/errors.ts';
import type { Question } from '../../domain/questions.ts';
import { labelStudioConfig } from '../label-studio-task.ts';
import { everyPage } from './every-page.ts';
import type { JsonApi } from './json-api.ts';
import { RequestFault } from './request-fault.ts';

const projectReply = z.object({ id: z.int(), title: z.string().nullish(), label_config: z.string().nullish() });
export type LabelStudioProject = z.infer<typeof projectReply>;

const projectsReply = z.object({ count: z.int().nonnegative(), results: z.array(projectReply) });

const PAGE_SIZE = 100;

/**
 * Finds the project by its number or its exact title; a title that does not exist is created, with our
 * labeling interface, for dialogues where there are any.
 * @throws LabelError for a number that does not exist, a title that several projects have, or a project
 *   whose labeling interface does not show our tasks
 */
export async function openProject(
  api: JsonApi,
  project: string | number,
  {
    annotators,
    dialogue,
    questions,
    signal,
  }: {
    readonly annotators: number;
    readonly dialogue: boolean;
    /** Of all tasks of the campaign. */
    readonly questions: readonly Question[];
    readonly signal: AbortSignal | undefined;
  },
): Promise<LabelStudioProject> {
  const number = projectNumber(project);
  const check = (there: LabelStudioProject) => checkInterface(there, labelStudioConfig(dialogue, questions), questions);
  if (number !== undefined) return check(await projectByNumber(api, number, signal));
  const title = String(project).trim();
  const found = await api.retrying(signal, async () => {
    // Looked up before each try: a project whose creation was not confirmed is not created twice.
    const there = await projectByTitle(api, title, signal);
    if (there) return there;
    const body = {
      title,
      label_config: labelStudioConfig(dialogue, questions),
      maximum_annotations: annotators,
      // Drafts are there to be corrected.
      show_collab_predictions: true,
    };
    return api.once({ method: 'POST', path: '/api/projects/', body }, projectReply, signal);
  });
  return check(found);
}

/** Like `openProject`, but what does not exist is an error. */
export async function findProject(
  api: JsonApi,
  project: string | number,
  signal: AbortSignal | undefined,
): Promise<LabelStudioProject> {
  const number = projectNumber(project);
  if (number !== undefined) return projectByNumber(api, number, signal);
  const found = await projectByTitle(api, String(project).trim(), signal);
  if (found) return found;
  throw new LabelError(`Label Studio at ${api.connection.baseUrl} has no project "${project}".`, {
    hint: 'Push to it first, which creates it; or give the number or the exact title of another one.',
  });
}

function projectNumber(project: string | number): number | undefined {
  return /^\d+$/.test(String(project).trim()) ? Number(project) : undefined;
}

async function projectByNumber(api: JsonApi, number: number, signal: AbortSignal | undefined) {
  try {
    return await api.get(`/api/projects/${number}/`, projectReply, signal);
  } catch (error) {
    if (!(error instanceof RequestFault && error.status === 404)) throw error;
    throw new LabelError(`Label Studio at ${api.connection.baseUrl} has no project ${number}.`, {
      hint: `It is the number in the project's address, …/projects/12/. The user whose key is in ${api.connection.keySource} must be a member.`,
    });
  }
}

async function projectByTitle(api: JsonApi, title: string, signal: AbortSignal | undefined) {
  const projects = await everyPage(
    'projects of Label Studio',
    async (page) => {
      // Servers that know the filter `title` match parts of titles; others ignore it.
      const query = new URLSearchParams({ title, page: String(page), page_size: String(PAGE_SIZE) });
      const { count, results } = await api.get(`/api/projects/?${query}`, projectsReply, signal);
      return { items: results, total: count };
    },
    ({ id }) => id,
  );
  const same = projects.filter((project) => project.title?.trim() === title);
  if (same.length <= 1) return same[0];
  const numbers = same.map(({ id }) => id).sort((a, b) => a - b);
  throw new LabelError(`Label Studio has ${same.length} projects called "${title}": ${numbers.join(', ')}.`, {
    hint: 'Give the number of the right one.',
  });
}

/** What tasks show and what labels are read from must be there under our names. */
function checkInterface(
  project: LabelStudioProject,
  wanted: string,
  questions: readonly Question[],
): LabelStudioProject {
  const config = project.label_config ?? '';
  const lacks = [
    ...(/\bvalue\s*=\s*["']\$prompt["']/.test(config) ? [] : ['nothing that shows $prompt']),
    ...(/<TextArea\b[^>]*\bname\s*=\s*["']response["']/.test(config) ? [] : ['no TextArea named response']),
    ...questions
      .filter(({ name }) => !new RegExp(`\\bname\\s*=\\s*["']${name}["']`).test(config))
      .map(({ name }) => `no control named ${name}`),
  ];
  if (lacks.length === 0) return project;
  throw new LabelError(
    `The labeling interface of project ${project.id} does not fit our tasks: there is ${lacks.join(' and ')}.`,
    {
      hint: `Give the title of a project to create, or put this under Settings, Labeling Interface, Code:\n${wanted}`,
    },
  );
}
