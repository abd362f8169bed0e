import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../domain/instruction.ts';
import type { Annotation, LabelTask } from '../domain/label.ts';
import type { Question } from '../domain/questions.ts';
import { itemIdSchema, problemOf, quoted, readSideFields } from './label-shapes.ts';
import { collapsedShape, readCollapsed } from './label-studio-min.ts';
import { questionControls, questionData, regionAnswers } from './label-studio-questions.ts';
import { ANSWER_CONTROL, type ResultRegion, readResponse, regionNotes } from './label-studio-response.ts';
import type { RecordAbout, RecordReading, UnreadRecord } from './record-codec.ts';
import { shownText } from './shown-text.ts';
import { noteText, promptText, storableText, taskDialogue, taskMessages, taskMetadata } from './task-text.ts';

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

/** The same with each conversation as a dialogue. Label Studio takes only tasks that have all that an interface shows. */
export const LABEL_STUDIO_CHAT_CONFIG = LABEL_STUDIO_CONFIG.replace(
  '  <Text name="prompt" value="$prompt"/>\n',
  `  <Paragraphs name="chat" value="$dialogue" layout="dialogue" nameKey="author" textKey="text"/>
  <Collapse><Panel value="As one text"><Text name="prompt" value="$prompt"/></Panel></Collapse>
`,
);

/** The labeling interface with a control for each question. @param dialogue whether it shows dialogues */
export function labelStudioConfig(dialogue: boolean, questions: readonly Question[]): string {
  const config = dialogue ? LABEL_STUDIO_CHAT_CONFIG : LABEL_STUDIO_CONFIG;
  return config.replace(/<\/View>\n$/, () => `${questionControls(questions)}</View>\n`);
}

/** Whether tasks are shown as dialogues: where any of them is a conversation. */
export function areDialogues(tasks: readonly LabelTask[]): boolean {
  return tasks.some(({ context }) => context !== undefined);
}

/**
 * A task as Label Studio imports it.
 * @param dialogue with its turns, for the interface that shows them
 * @param questions of all tasks
 */
export function labelStudioTask(task: LabelTask, dialogue: boolean, questions: readonly Question[]): object {
  const { id, draft } = task;
  return {
    data: {
      winnow_id: id,
      prompt: promptText(task),
      ...taskMessages(task),
      ...(dialogue && { dialogue: taskDialogue(task) }),
      note: noteText(task),
      ...taskMetadata(task),
      ...questionData(task, questions),
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
  .array(z.object({ from_name: z.string().optional(), value: z.unknown().optional(), meta: z.unknown().optional() }))
  .nullish()
  .transform((given) => given ?? []);
const annotationSchema = z.object({
  was_cancelled: z.boolean().nullish(),
  result: resultSchema,
  last_action: z.unknown().optional(),
  reviews: z.array(z.unknown()).nullish().catch(undefined),
});
const draftSchema = z.object({ result: resultSchema });
const annotationList = z.array(z.unknown()).nullish();
const taskSchema = z.object({
  data: z.looseObject({ winnow_id: itemIdSchema, prompt: z.unknown().optional() }),
  annotations: annotationList,
  // Label Studio before 1.0.
  completions: annotationList,
  drafts: annotationList,
});
const TIMES = { seconds: ['lead_time'], submittedAtMs: ['updated_at', 'created_at'], sourceId: ['id'] };
const ANNOTATION_FIELDS = { ...TIMES, annotator: ['completed_by'] };
const DRAFT_FIELDS = { ...TIMES, annotator: ['user'] };

/** Whether a value is one annotation with its task inside, as target storage and webhooks have it. */
export function isStoredAnnotation(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const annotation = isJsonObject(value.annotation) ? value.annotation : value;
  return Array.isArray(annotation.result) && ('task' in value || 'completed_by' in annotation);
}

/** The task of a record, with its annotations; of one annotation with its task inside too. */
function taskOf(value: unknown): unknown {
  if (!isStoredAnnotation(value)) return value;
  const { task, annotation = value } = value;
  return { ...(isJsonObject(task) ? task : {}), annotations: [annotation], drafts: null };
}

/** The regions of all annotations in a record. */
export function regionsOf(value: unknown): ResultRegion[] {
  const task = taskSchema.safeParse(taskOf(value));
  if (!task.success) return [];
  const { annotations, completions } = task.data;
  return (annotations ?? completions ?? []).flatMap((annotation) => {
    const parsed = annotationSchema.safeParse(annotation);
    return parsed.success ? parsed.data.result : [];
  });
}

interface Reading {
  readonly annotations: Annotation[];
  readonly problems: string[];
  readonly warnings: string[];
}

/** Reads one record of any of Label Studio's exports. */
export function readLabelStudioRecord(value: unknown, about: RecordAbout): RecordReading | UnreadRecord {
  if (collapsedShape(value)) return readCollapsed(value, about);
  const task = taskSchema.safeParse(taskOf(value));
  if (!task.success) {
    const isBare = isStoredAnnotation(value) && !isJsonObject(value.task);
    return {
      cause: isBare
        ? 'it is an annotation of Label Studio without its task; export the project as JSON'
        : problemOf(value, task.error),
    };
  }
  const { data, annotations, completions, drafts } = task.data;
  const answerControl = about.answerField ?? ANSWER_CONTROL;
  const reading: Reading = { annotations: [], problems: [], warnings: [] };
  const name = annotations ? 'annotations' : 'completions';
  for (const [index, annotation] of (annotations ?? completions ?? []).entries()) {
    readAnnotation(data, annotation, `${name}.${index}`, answerControl, reading);
  }
  for (const [index, draft] of (drafts ?? []).entries()) {
    readDraft(data.winnow_id, draft, `drafts.${index}`, answerControl, reading);
  }
  return { itemId: data.winnow_id, ...reading, shown: shownText({ prompt: data.prompt }) };
}

/** Adds to the reading what it says; nothing when it says nothing yet. */
function readAnnotation(
  data: { readonly winnow_id: string },
  value: unknown,
  place: string,
  answerControl: string,
  { annotations, problems, warnings }: Reading,
): void {
  const parsed = annotationSchema.safeParse(value);
  if (!parsed.success) {
    problems.push(`in ${place}: ${problemOf(value, parsed.error)}`);
    return;
  }
  const { was_cancelled, result, last_action, reviews } = parsed.data;
  const given =
    was_cancelled === true ? ({ verdict: 'skipped', response: null } as const) : readResponse(result, answerControl);
  const comment = regionNotes(result);
  if (given === undefined) {
    if (comment !== null) problems.push(`in ${place}: it has no answer, but a region has the note ${quoted(comment)}`);
    return;
  }
  if (typeof given === 'string') problems.push(`in ${place}: ${given}`);
  else if (isTurnedDown(last_action, reviews)) problems.push(`in ${place}: a reviewer rejected it`);
  else {
    const { warnings: more, ...side } = readSideFields(value, ANNOTATION_FIELDS);
    const answers = regionAnswers(result, [answerControl, 'verdict'], data);
    annotations.push({
      itemId: data.winnow_id,
      ...given,
      ...side,
      ...(comment === null ? {} : { comment }),
      ...(answers === undefined ? {} : { answers }),
    });
    for (const warning of more) warnings.push(`in ${place}: ${warning}`);
  }
}

/** Whether the last review of an annotation, in Label Studio Enterprise, rejected it. */
function isTurnedDown(lastAction: unknown, reviews: readonly unknown[] | null | undefined): boolean {
  const last = reviews?.at(-1);
  return isJsonObject(last) && typeof last.accepted === 'boolean' ? !last.accepted : lastAction === 'rejected';
}

/**
 * Drafts and annotations are numbered apart, so a draft's id says that it is one. Most exports list no more than
 * the numbers of drafts: a number alone says that a person started, but not what they wrote.
 */
function readDraft(
  itemId: string,
  value: unknown,
  place: string,
  answerControl: string,
  { annotations, problems }: Reading,
): void {
  if (typeof value === 'number') return;
  const parsed = draftSchema.safeParse(value);
  const given = parsed.success ? readResponse(parsed.data.result, answerControl) : problemOf(value, parsed.error);
  if (typeof given === 'string') problems.push(`in ${place}: ${given}`);
  else if (given !== undefined && given.response !== null) {
    const { warnings: _, ...side } = readSideFields(value, DRAFT_FIELDS);
    const sourceId = side.sourceId === null ? null : `draft-${side.sourceId}`;
    annotations.push({ itemId, verdict: 'draft', response: given.response, ...side, sourceId });
  }
}
