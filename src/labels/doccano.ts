import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';
import type { Annotation, LabelTask } from '../domain/label.ts';
import type { LabelBridge } from './label-bridge.ts';
import { itemIdSchema, nonBlank, problemOf } from './label-shapes.ts';
import { decodeRecords, encodeJsonLines, type RecordReading, type UnreadRecord } from './record-codec.ts';
import { noteText, promptText, storableText } from './task-text.ts';

const SETUP = `doccano:
1. Create a project of the type "Sequence to sequence" and import the file as JSONL, with "text" as the column of \
the data and "label" as the column of the label. The other columns become metadata, shown beside the text.
2. Annotators write the response as a label, or edit the draft that is there. A draft left as it was counts as not \
done, because doccano's export does not say whether a person has seen it. doccano can neither pass over nor reject \
an instruction: leave its label empty.
3. Export as JSONL and import that file here. From a project whose annotations are not shared, import the file of \
each annotator.
`;

const labels = z.array(z.string('is no text'), 'is no list of texts').nullish();
const exampleSchema = z.object({
  winnow_id: itemIdSchema,
  draft: z.string('is no text').nullish(),
  label: labels,
  labels,
});

/** Every example has the same fields: doccano reads the file as a table and would fill the gaps with NaN. */
function doccanoExample(task: LabelTask): object {
  const draft = storableText(task.draft?.response ?? '');
  return {
    text: promptText(task),
    label: draft === '' ? [] : [draft],
    winnow_id: task.id,
    round: task.round,
    rank: task.rank,
    note: noteText(task),
    draft,
  };
}

function isExample(value: unknown): boolean {
  if (!isJsonObject(value) || '_task_hash' in value) return false;
  const text = value.text ?? value.data;
  return typeof text === 'string' && Array.isArray(value.label ?? value.labels);
}

function readExample(value: unknown): RecordReading | UnreadRecord {
  const parsed = exampleSchema.safeParse(value);
  if (!parsed.success) return { cause: problemOf(value, parsed.error) };
  const { winnow_id: itemId, draft, label, labels: others } = parsed.data;
  const responses = (label ?? others ?? []).filter((text) => nonBlank(text) !== null);
  const annotations = responses
    .filter((response) => response.trim() !== draft?.trim())
    .map((response): Annotation => {
      const unsaid = { annotator: null, seconds: null, submittedAtMs: null, sourceId: null };
      return { itemId, verdict: 'accepted', response, ...unsaid };
    });
  return { itemId, annotations, problems: [] };
}

/**
 * doccano's sequence to sequence: the draft as a label that is there already, and again as metadata, by which
 * it is recognized when it comes back unchanged: then the item counts as untouched, even if a person
 * approved it. Otherwise failing answers that no person has seen would be trained on.
 * Several labels are several annotations.
 */
export const doccanoBridge: LabelBridge = {
  name: 'doccano',
  summary: 'doccano, sequence to sequence',
  source: 'https://doccano.github.io/doccano/tutorial/',
  extension: '.jsonl',
  setup: SETUP,
  encode: (tasks) => encodeJsonLines(tasks.map(doccanoExample)),
  detect: ({ records }) => records.some(({ value }) => isExample(value)),
  decode: (file) => decodeRecords(file, readExample),
};
