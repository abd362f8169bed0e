import { z } from 'zod';
import { parseBoundedJson } from '../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';
import type { Annotation, LabelTask } from '../domain/label.ts';
import type { LabelBridge } from './label-bridge.ts';
import { itemIdSchema, nonBlank, problemOf, quoted, readSideFields } from './label-shapes.ts';
import {
  decodeRecords,
  encodeJsonLines,
  type RecordAbout,
  type RecordReading,
  type UnreadRecord,
} from './record-codec.ts';
import { shownText } from './shown-text.ts';
import { noteText, promptText, storableText } from './task-text.ts';

const SETUP = `doccano:
1. Create a project of the type "Sequence to sequence" and import the file as JSONL, with "text" as the column of \
the data and "label" as the column of the label. The other columns become metadata, shown beside the text.
2. Annotators write the response as a label, or edit the draft that is there. A draft left as it was counts as not \
done, because doccano's export does not say whether a person has seen it. doccano can neither pass over nor reject \
an instruction: leave its label empty.
3. Turn on "Share annotations across all users" when you create the project, so that each text has one label. \
Without it, doccano exports a file for each annotator: import each with the annotator's name. An item with several \
labels is refused, because the export does not say whose they are.
4. Export as JSONL and import that file here. CSV works too, except for answers with a "#".
`;

/** Old exports have the other columns in `meta`, as an object or its JSON. */
const metaSchema = z.object({ winnow_id: itemIdSchema, draft: z.string('is not text').nullish() });
const labels = z.array(z.string('is not text'), 'is not a list of texts').nullish();
const exampleSchema = z.object({ label: labels, labels, sentences: labels });
/** One label of an export of doccano up to 1.3. */
const oldLabelSchema = z.object({
  id: z.unknown().optional(),
  label: z.unknown().optional(),
  text: z.string('is not text').optional(),
  user: z.unknown().optional(),
});

const UNCLEAR_CELL =
  'its label has a "#", which a CSV of doccano also has between several labels; export as JSONL instead';

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

function isRow(value: unknown): boolean {
  return isJsonObject(value) && ['winnow_id', 'text', 'label'].every((name) => name in value);
}

function isExample(value: unknown): boolean {
  if (!isJsonObject(value) || '_task_hash' in value) return false;
  const text = value.text ?? value.data;
  return typeof text === 'string' && Array.isArray(value.label ?? value.labels ?? value.annotations ?? value.sentences);
}

function readExample(value: unknown, { isTable }: RecordAbout): RecordReading | UnreadRecord {
  const record = isJsonObject(value) ? value : {};
  const own = metaSchema.safeParse('winnow_id' in record ? record : (metaOf(record) ?? value));
  if (!own.success) return { cause: problemOf(value, own.error) };
  const { winnow_id: itemId, draft } = own.data;
  const shown = shownText({ prompt: record.text ?? record.data });
  const isNew = ({ response }: Annotation) => response !== null && response.trim() !== draft?.trim();
  const reading = Array.isArray(record.annotations)
    ? readOldLabels(itemId, record.annotations)
    : readLabels(itemId, isTable ? { ...record, label: labelsOfCell(record.label, draft ?? '') } : record);
  if (typeof reading === 'string') return { itemId, annotations: [], problems: [reading] };
  const comment = commentOf(record);
  const annotations = reading.filter(isNew).map((one) => (comment === null ? one : { ...one, comment }));
  if (isTable && annotations.some(({ response }) => response?.includes('#')))
    return { itemId, annotations: [], problems: [UNCLEAR_CELL] };
  const several = severalOfOne(annotations);
  if (several !== undefined) return { itemId, annotations: [], problems: [several] };
  return { itemId, annotations, problems: [], shown };
}

/** The labels of a cell, in which doccano writes "#" between them. The draft is known, so it is found beside another. */
function labelsOfCell(cell: unknown, draft: string): JsonValue {
  if (typeof cell !== 'string' || nonBlank(cell) === null) return [];
  if (draft === '' || cell === draft) return [cell];
  if (cell.startsWith(`${draft}#`)) return [draft, cell.slice(draft.length + 1)];
  return cell.endsWith(`#${draft}`) ? [cell.slice(0, -draft.length - 1), draft] : [cell];
}

function commentOf({ Comments: given }: JsonObject): string | null {
  const texts = [given].flat().filter((text) => typeof text === 'string');
  return nonBlank(texts.join('\n'));
}

function metaOf({ meta }: JsonObject): unknown {
  if (typeof meta !== 'string') return meta;
  try {
    return parseBoundedJson(meta);
  } catch {
    return undefined;
  }
}

function readLabels(itemId: string, record: JsonObject): Annotation[] | string {
  const parsed = exampleSchema.safeParse(record);
  if (!parsed.success) return problemOf(record, parsed.error);
  const { label, labels: others, sentences } = parsed.data;
  const { annotator } = readSideFields(record, { annotator: ['username'] });
  return accepted(itemId, label ?? others ?? sentences ?? [], { annotator, sourceId: null });
}

/** Exports up to 1.3 say who wrote each label. */
function readOldLabels(itemId: string, given: readonly unknown[]): Annotation[] | string {
  const all: Annotation[] = [];
  for (const [index, label] of given.entries()) {
    const parsed = oldLabelSchema.safeParse(label);
    const text = parsed.success ? (parsed.data.text ?? parsed.data.label) : undefined;
    if (typeof text !== 'string') return `its annotations.${index} is ${quoted(label)}, which holds no text`;
    const { annotator, sourceId } = readSideFields(label, { annotator: ['user'], sourceId: ['id'] });
    all.push(...accepted(itemId, [text], { annotator, sourceId }));
  }
  return all;
}

function accepted(
  itemId: string,
  texts: readonly string[],
  who: Pick<Annotation, 'annotator' | 'sourceId'>,
): Annotation[] {
  return texts
    .filter((text) => nonBlank(text) !== null)
    .map((response) => ({ itemId, verdict: 'accepted', response, seconds: null, submittedAtMs: null, ...who }));
}

/** Several labels of one person, or of people without names: doccano sorts them by letter, so none is the last. */
function severalOfOne(annotations: readonly Annotation[]): string | undefined {
  const byPerson = new Map<string | null, Set<string | null>>();
  for (const { annotator, response } of annotations) {
    byPerson.set(annotator, (byPerson.get(annotator) ?? new Set()).add(response));
  }
  const [person, texts] = [...byPerson].find(([, texts]) => texts.size > 1) ?? [];
  if (texts === undefined) return undefined;
  const whose = person === null ? 'and the export does not say whose they are' : `all by ${quoted(person)}`;
  return `it has ${texts.size} labels, ${whose}, so which one counts is unclear; keep one`;
}

/**
 * doccano's sequence to sequence: the draft as a label that is there already, and again as metadata, by which
 * it is recognized when it comes back unchanged: then the item counts as untouched, even if a person
 * approved it. Otherwise failing answers that no person has seen would be trained on.
 * Several labels of one person, or of unknown people, are refused. Exports of doccano 1.3 and earlier are read too, and
 * CSV, where an answer with "#" is refused: it may be several.
 */
export const doccanoBridge: LabelBridge = {
  name: 'doccano',
  summary: 'doccano, sequence to sequence',
  source: 'https://doccano.github.io/doccano/tutorial/',
  extension: '.jsonl',
  setup: SETUP,
  encode: (tasks) => encodeJsonLines(tasks.map(doccanoExample)),
  detect: ({ format, records }) => records.some(({ value }) => isExample(value) || (format === 'csv' && isRow(value))),
  decode: (file) => decodeRecords(file, readExample),
};
