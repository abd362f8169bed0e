import { z } from 'zod';
import type { Annotation, LabelTask } from '../domain/label.ts';
import {
  annotatorSchema,
  itemIdSchema,
  problemOf,
  secondsSchema,
  sourceIdSchema,
  timestampSchema,
} from './label-shapes.ts';
import { collapsedShape, readCollapsed } from './label-studio-min.ts';
import { readResponse } from './label-studio-response.ts';
import type { RecordReading, UnreadRecord } from './record-codec.ts';
import { noteText, promptText, storableText, taskMessages, taskMetadata } from './task-text.ts';

/** What a project must show and ask for the tasks to make sense: the prompt, why it is here, a response and a verdict. */
export const LABEL_STUDIO_CONFIG = `<View>
  <Text name="prompt" value="$prompt"/>
  <Text name="note" value="$note"/>
  <TextArea name="response" toName="prompt" rows="8" editable="true" maxSubmissions="1"/>
  <Choices name="verdict" toName="prompt" choice="single-radio">
    <Choice value="ok"/>
    <Choice value="reject"/>
  </Choices>
</View>
`;

/** A task as Label Studio imports it. */
export function labelStudioTask(task: LabelTask): object {
  const { id, draft } = task;
  return {
    data: {
      winnow_id: id,
      prompt: promptText(task),
      ...taskMessages(task),
      note: noteText(task),
      ...taskMetadata(task),
    },
    ...(draft !== undefined && {
      predictions: [
        {
          model_version: storableText(draft.model),
          score: draft.score,
          result: [
            {
              id: 'draft',
              from_name: 'response',
              to_name: 'prompt',
              type: 'textarea',
              value: { text: [storableText(draft.response)] },
            },
          ],
        },
      ],
    }),
  };
}

const resultSchema = z
  .array(z.object({ from_name: z.string().optional(), value: z.unknown() }))
  .nullish()
  .transform((given) => given ?? []);
const times = { lead_time: secondsSchema, created_at: timestampSchema, updated_at: timestampSchema };
const annotationSchema = z.object({
  id: sourceIdSchema,
  completed_by: annotatorSchema,
  was_cancelled: z.boolean().nullish(),
  result: resultSchema,
  ...times,
});
const draftSchema = z.object({ id: sourceIdSchema, user: annotatorSchema, result: resultSchema, ...times });
const taskSchema = z.object({
  data: z.object({ winnow_id: itemIdSchema }),
  annotations: z.array(z.unknown()).nullish(),
  drafts: z.array(z.unknown()).nullish(),
});

/** Reads one record of any of Label Studio's exports. */
export function readLabelStudioRecord(value: unknown): RecordReading | UnreadRecord {
  if (collapsedShape(value)) return readCollapsed(value);
  const task = taskSchema.safeParse(value);
  if (!task.success) return { cause: problemOf(value, task.error) };
  const { data, annotations, drafts } = task.data;
  const itemId = data.winnow_id;
  const readings = [
    ...(annotations ?? []).map((annotation, index) => readAnnotation(itemId, annotation, `annotations.${index}`)),
    ...(drafts ?? []).map((draft, index) => readDraft(itemId, draft, `drafts.${index}`)),
  ];
  return {
    itemId,
    annotations: readings.flatMap((reading) => (reading !== undefined && typeof reading === 'object' ? [reading] : [])),
    problems: readings.filter((reading) => typeof reading === 'string'),
  };
}

/** @returns what is wrong with it, as text; undefined when it says nothing yet */
function readAnnotation(itemId: string, value: unknown, place: string): Annotation | string | undefined {
  const parsed = annotationSchema.safeParse(value);
  if (!parsed.success) return `in ${place}: ${problemOf(value, parsed.error)}`;
  const { id, completed_by, was_cancelled, result, lead_time, created_at, updated_at } = parsed.data;
  const given = was_cancelled === true ? ({ verdict: 'skipped', response: null } as const) : readResponse(result);
  if (given === undefined) return undefined;
  if (typeof given === 'string') return `in ${place}: ${given}`;
  return {
    itemId,
    ...given,
    annotator: completed_by,
    seconds: lead_time,
    submittedAtMs: updated_at ?? created_at,
    sourceId: id,
  };
}

/**
 * Drafts and annotations are numbered apart, so a draft's id says that it is one. Most exports list no more than
 * the numbers of drafts: a number alone says that a person started, but not what they wrote.
 */
function readDraft(itemId: string, value: unknown, place: string): Annotation | string | undefined {
  if (typeof value === 'number') return undefined;
  const parsed = draftSchema.safeParse(value);
  if (!parsed.success) return `in ${place}: ${problemOf(value, parsed.error)}`;
  const { id, user, result, lead_time, created_at, updated_at } = parsed.data;
  const given = readResponse(result);
  if (typeof given === 'string') return `in ${place}: ${given}`;
  if (given === undefined || given.response === null) return undefined;
  return {
    itemId,
    verdict: 'draft',
    response: given.response,
    annotator: user,
    seconds: lead_time,
    submittedAtMs: updated_at ?? created_at,
    sourceId: id === null ? null : `draft-${id}`,
  };
}
