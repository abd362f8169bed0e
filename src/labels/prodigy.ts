import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';
import type { Annotation, LabelTask } from '../domain/label.ts';
import type { LabelBridge } from './label-bridge.ts';
import { itemIdSchema, nonBlank, problemOf, readSideFields } from './label-shapes.ts';
import {
  decodeRecords,
  encodeJsonLines,
  type RecordAbout,
  type RecordReading,
  type UnreadRecord,
} from './record-codec.ts';
import { shownText } from './shown-text.ts';
import { noteText, promptText, storableText, taskDialogue, taskMessages, taskMetadata } from './task-text.ts';

const SETUP = `Prodigy:
1. Save this as recipe.py:

   import prodigy
   from prodigy.components.stream import get_stream

   @prodigy.recipe("winnow", dataset=("Dataset", "positional", None, str), source=("File", "positional", None, str))
   def winnow(dataset, source):
       prompt = "{{#dialogue}}<p><b>{{author}}</b> {{text}}</p>{{/dialogue}}{{^dialogue}}{{text}}{{/dialogue}}"
       html = "<div style='white-space: pre-wrap; text-align: left'>" + prompt + "</div>"
       blocks = [{"view_id": "html", "html_template": html},
                 {"view_id": "text_input", "field_id": "user_input", "field_rows": 10}]
       return {"dataset": dataset, "view_id": "blocks", "stream": get_stream(source), "config": {"blocks": blocks}}

2. Run: prodigy winnow my_dataset FILE -F recipe.py
   A conversation is shown turn by turn. Drafts stand in the text field already; why they need correcting is shown below the prompt.
3. Accept takes the response, also an unchanged draft; Reject says that the instruction itself is no good; Ignore \
passes it over.
4. Run: prodigy db-out my_dataset > labels.jsonl, and import that file here.
`;

/** The field a text_input block fills in and, where a task has it already, shows. */
const RESPONSE_FIELD = 'user_input';

/** Fields of Prodigy's own that may hold a text; those it adds by itself begin with an underscore. */
const OTHER_FIELDS = new Set([
  'text',
  'answer',
  'html',
  'label',
  'image',
  'audio',
  'video',
  'path',
  'view_id',
  'session_id',
  'source',
]);

const taskSchema = z.object({
  meta: z.object({ winnow_id: itemIdSchema }),
  answer: z.enum(['accept', 'reject', 'ignore'], { error: 'is not accept, reject or ignore' }).nullish(),
});
/** Its hashes name the task and what was asked, not who answered. */
const SIDE_FIELDS = { annotator: ['_annotator_id', '_session_id'], submittedAtMs: ['_timestamp'] };

function prodigyTask(task: LabelTask): object {
  return {
    text: promptText(task),
    ...taskMessages(task),
    ...(task.context !== undefined && { dialogue: taskDialogue(task) }),
    ...(task.draft !== undefined && { [RESPONSE_FIELD]: storableText(task.draft.response) }),
    meta: { winnow_id: task.id, note: noteText(task), ...taskMetadata(task) },
  };
}

function isTask(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  // Old exports of doccano have a text and our id in their meta too.
  if (Array.isArray(value.annotations)) return false;
  const ours = isJsonObject(value.meta) && value.meta.winnow_id !== undefined && typeof value.text === 'string';
  return ours || '_task_hash' in value || '_input_hash' in value;
}

function readTask(value: unknown, { answerField }: RecordAbout): RecordReading | UnreadRecord {
  const parsed = taskSchema.safeParse(value);
  if (!parsed.success) return { cause: problemOf(value, parsed.error) };
  const { meta, answer } = parsed.data;
  const itemId = meta.winnow_id;
  if (answer === null || answer === undefined) return { itemId, annotations: [], problems: [] };
  const given = readAnswer(value, answer, answerField);
  if (typeof given === 'string') return { itemId, annotations: [], problems: [given] };
  const { warnings, ...side } = readSideFields(value, SIDE_FIELDS);
  const shown = shownText({ prompt: (value as { text?: unknown }).text });
  return { itemId, annotations: [{ itemId, ...given, ...side }], problems: [], warnings, shown };
}

function readAnswer(
  task: unknown,
  answer: 'accept' | 'reject' | 'ignore',
  answerField: string | undefined,
): Pick<Annotation, 'verdict' | 'response'> | string {
  if (answer === 'reject') return { verdict: 'rejected', response: null };
  if (answer === 'ignore') return { verdict: 'skipped', response: null };
  const written = writtenTexts(task, answerField);
  const [only] = written;
  if (only === undefined) return `it was accepted, but its response ("${RESPONSE_FIELD}") is empty`;
  if (written.length === 1) return { verdict: 'accepted', response: only[1] };
  return `several of its fields could be the response (${written.map(([name]) => name).join(', ')}); keep only the response, as "${RESPONSE_FIELD}"`;
}

/**
 * The response by its field: `user_input` where the task has that, filled in or not; else any other
 * fields of text a recipe with another field id left. These count too where we filled in a draft ourselves:
 * under such a recipe `user_input` still holds the failing draft, beside the response.
 */
function writtenTexts(task: unknown, answerField: string | undefined): [string, string][] {
  if (!isJsonObject(task)) return [];
  const drafted = isJsonObject(task.meta) && 'draft_model' in task.meta;
  const named = answerField ?? (RESPONSE_FIELD in task && !drafted ? RESPONSE_FIELD : undefined);
  const fields = named === undefined ? Object.keys(task) : [named];
  return fields.flatMap((name): [string, string][] => {
    const value = task[name];
    if (name.startsWith('_') || OTHER_FIELDS.has(name) || typeof value !== 'string') return [];
    return nonBlank(value) === null ? [] : [[name, value]];
  });
}

/**
 * Prodigy: tasks for a text and a text_input block with the draft filled in; back what `db-out` writes.
 * An unchanged draft that was accepted counts: Prodigy keeps only tasks that were answered.
 */
export const prodigyBridge: LabelBridge = {
  name: 'prodigy',
  summary: 'Prodigy, with a text input block',
  source: 'https://prodi.gy/docs/api-interfaces',
  extension: '.jsonl',
  setup: SETUP,
  encode: (tasks) => encodeJsonLines(tasks.map(prodigyTask)),
  detect: ({ records }) => records.some(({ value }) => isTask(value)),
  decode: (file, options) => decodeRecords(file, readTask, options),
};
