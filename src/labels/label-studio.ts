import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';
import { QUESTION_KINDS } from '../domain/questions.ts';
import { projectOption } from './http/label-server.ts';
import type { LabelBridge } from './label-bridge.ts';
import type { DecodedLabels, DecodeOptions, LabelFile } from './label-file.ts';
import { collapsedShape } from './label-studio-min.ts';
import { questionsOf } from './label-studio-questions.ts';
import { ANSWER_CONTROL, onlyTextControl } from './label-studio-response.ts';
import {
  areDialogues,
  isStoredAnnotation,
  LABEL_STUDIO_CHAT_CONFIG,
  LABEL_STUDIO_CONFIG,
  labelStudioConfig,
  labelStudioTask,
  readLabelStudioRecord,
  regionsOf,
} from './label-studio-task.ts';
import { decodeRecords, encodeJsonArray } from './record-codec.ts';

const SETUP = `Label Studio:
1. Create a project and paste this under Settings > Labeling Interface > Code:

${LABEL_STUDIO_CONFIG}
   If the file has conversations, paste this instead, which shows them turn by turn:

${LABEL_STUDIO_CHAT_CONFIG}
   If winnow.yaml has labels.questions, paste the file beside the tasks that ends in .xml instead: it asks them too.
2. Import the file. Import it once only: Label Studio keeps every task of every import.
   To have the drafts filled in, turn on "Use predictions to prelabel tasks" under Settings > Annotation.
3. Annotators write or correct the response and submit; "reject" says that the instruction itself is no good,
   Skip passes it over. A draft counts as a label once it is submitted.
4. Export as JSON and import that file here. JSON-MIN and CSV work too, but lose skipped tasks, drafts and
   answers to questions.
`;

function isTask(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    isJsonObject(value.data) &&
    (Array.isArray(value.annotations) || Array.isArray(value.completions) || 'predictions' in value || isOurs(value))
  );
}

function isOurs({ data }: { readonly data?: unknown }): boolean {
  return isJsonObject(data) && data.winnow_id !== undefined;
}

/** Where no control has the name that winnow asks for, and one alone holds texts, that is the answer; it is said. */
function decode(file: LabelFile, { answerField }: DecodeOptions = {}): DecodedLabels {
  if (answerField !== undefined) return decodeRecords(file, readLabelStudioRecord, { answerField });
  const regions = file.records.flatMap(({ value }) => regionsOf(value));
  const isUsual = regions.some(({ from_name }) => from_name === ANSWER_CONTROL);
  const control = isUsual ? undefined : onlyTextControl(regions);
  const decoded = decodeRecords(file, readLabelStudioRecord, { answerField: control });
  if (control === undefined) return decoded;
  return {
    ...decoded,
    notes: [`The answers are read from the control "${control}"; there is no "${ANSWER_CONTROL}".`],
  };
}

/**
 * Label Studio: tasks with the draft as a prediction; back its JSON export, also JSON-MIN, CSV, files of target storage
 * and exports with `completions`. A
 * prediction that was not submitted is not a label; an annotation without text counts as untouched.
 */
export const labelStudioBridge: LabelBridge = {
  name: 'label-studio',
  summary: 'Label Studio',
  source: 'https://labelstud.io/guide/tasks',
  extension: '.json',
  setup: SETUP,
  questions: QUESTION_KINDS,
  encode: (tasks, { questions = questionsOf(tasks) } = {}) =>
    encodeJsonArray(tasks.map((task) => labelStudioTask(task, areDialogues(tasks), questions))),
  interface: {
    extension: '.xml',
    encode: (tasks, { questions = questionsOf(tasks) }) => labelStudioConfig(areDialogues(tasks), questions),
  },
  detect: ({ records }) =>
    records.some(({ value }) => isTask(value) || isStoredAnnotation(value) || collapsedShape(value)),
  decode,
  server: {
    serviceName: 'Label Studio',
    keyVariable: 'LABEL_STUDIO_API_KEY',
    options: z.object({
      project: projectOption.describe('project number or title').meta({ value: '<project>' }),
    }),
    async open({ options, ...settings }) {
      const { labelStudioServer } = await import('./http/label-studio-server.ts');
      return labelStudioServer({ ...settings, project: options.project });
    },
  },
};
