import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';
import type { Annotation, LabelTask } from '../domain/label.ts';
import { decodeRecords, type RecordReading, type UnreadRecord } from './decode-records.ts';
import { encodeJsonArray } from './encode-records.ts';
import type { LabelBridge } from './label-bridge.ts';
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
import { noteText, promptText, storableText, taskMetadata } from './task-text.ts';

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

const SETUP = `Label Studio:
1. Create a project and paste this under Settings > Labeling Interface > Code:

${LABEL_STUDIO_CONFIG}
2. Import the file. Import it once only: Label Studio keeps every task of every import.
   To have the drafts filled in, turn on "Use predictions to prelabel tasks" under Settings > Annotation.
3. Annotators write or correct the response and submit; "reject" says that the instruction itself is no good,
   Skip passes it over. A draft counts as a label once somebody has submitted it.
4. Export as JSON and import that file here. JSON-MIN and CSV work too, but lose skipped tasks and drafts.
`;

/** A task as Label Studio imports it. */
export function labelStudioTask(task: LabelTask): object {
  const { id, draft } = task;
  return {
    data: { winnow_id: id, prompt: promptText(task), note: noteText(task), ...taskMetadata(task) },
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

function isTask(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    isJsonObject(value.data) &&
    (Array.isArray(value.annotations) || 'predictions' in value || isOurs(value))
  );
}

function isOurs({ data }: { readonly data?: unknown }): boolean {
  return isJsonObject(data) && data.winnow_id !== undefined;
}

function readRecord(value: unknown): RecordReading | UnreadRecord {
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
 * the numbers of drafts: such a one says that somebody has begun, but not what.
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

/**
 * Label Studio: tasks with the draft as a prediction; back its JSON export, also JSON-MIN and CSV. A
 * prediction that nobody submitted is no label; an annotation without text says nothing yet.
 */
export const labelStudioBridge: LabelBridge = {
  name: 'label-studio',
  extension: '.json',
  setup: SETUP,
  encode: (tasks) => encodeJsonArray(tasks.map(labelStudioTask)),
  detect: ({ records }) => records.some(({ value }) => isTask(value) || collapsedShape(value)),
  decode: (file) => decodeRecords(file, readRecord),
};
