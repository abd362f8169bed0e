import { z } from 'zod';
import { parseBoundedJson } from '../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';
import { itemIdSchema, nonBlank, problemOf, quoted, readSideFields } from './label-shapes.ts';
import { ANSWER_CONTROL, judgeResponse } from './label-studio-response.ts';
import type { RecordAbout, RecordReading, UnreadRecord } from './record-codec.ts';
import { shownText } from './shown-text.ts';

/** A control's value: a single text alone, several in a list, or as the full export has them. */
const collapsedTexts = (key: 'text' | 'choices') => {
  const inner = z.object({ [key]: z.union([z.string(), z.array(z.string())]) }).transform((value) => value[key]!);
  const one = z.union([z.string(), inner]);
  return z
    .union([one, z.array(one)], { error: 'is not text' })
    .nullish()
    .transform((given) => [given ?? []].flat(3));
};

const collapsedSchema = (answerColumn: string) =>
  z.object({
    winnow_id: itemIdSchema,
    [answerColumn]: collapsedTexts('text'),
    verdict: collapsedTexts('choices'),
  });
const SIDE_FIELDS = {
  annotator: ['annotator'],
  seconds: ['lead_time'],
  submittedAtMs: ['updated_at', 'created_at'],
  sourceId: ['annotation_id'],
};
/** The columns of our tasks and of Label Studio's own. Any other may hold an answer. */
const KNOWN_COLUMNS = new Set([
  ...['id', 'winnow_id', 'prompt', 'messages', 'note', 'round', 'rank', 'reason', 'draft_model', 'draft_score'],
  ...['judge_reason', 'record', 'annotation_id', 'annotator', 'lead_time', 'created_at', 'updated_at', 'verdict'],
  ...['response', 'sentiment', 'agreement', 'ground_truth', 'predictions', 'comments'],
]);

/** Whether a record is of a JSON-MIN or CSV export: one annotation each, its values beside the task's own. */
export function collapsedShape(value: unknown): boolean {
  return isJsonObject(value) && 'annotation_id' in value && ('lead_time' in value || 'winnow_id' in value);
}

/** Reads one annotation of a JSON-MIN or CSV export. Neither knows skipped tasks or drafts. */
export function readCollapsed(given: unknown, about: RecordAbout): RecordReading | UnreadRecord {
  const answerColumn = about.answerField ?? ANSWER_CONTROL;
  const value = about.isTable && isJsonObject(given) ? withParsedCells(given, [answerColumn, 'verdict']) : given;
  const parsed = collapsedSchema(answerColumn).safeParse(value);
  if (!parsed.success) return { cause: problemOf(value, parsed.error) };
  const itemId = parsed.data.winnow_id as string;
  const texts = parsed.data[answerColumn] as string[];
  const choices = (parsed.data.verdict as string[]).filter((choice) => choice !== '');
  const record = value as JsonObject;
  const said = judgeResponse(texts, choices) ?? elsewhere(record, answerColumn);
  if (said === undefined) return { itemId, annotations: [], problems: [] };
  if (typeof said === 'string') return { itemId, annotations: [], problems: [said] };
  const { warnings, ...side } = readSideFields(value, SIDE_FIELDS, about);
  const shown = shownText({ prompt: record.prompt });
  return { itemId, annotations: [{ itemId, ...said, ...side }], problems: [], warnings, shown };
}

/** In tables Label Studio writes a control with several texts, and old versions every control, as JSON. */
function withParsedCells(row: JsonObject, columns: readonly string[]): JsonObject {
  const parsed = columns.flatMap((column): [string, JsonValue][] => {
    const cell = row[column];
    if (typeof cell !== 'string' || !/^\s*[[{]/.test(cell)) return [];
    try {
      const value = parseBoundedJson(cell) as JsonValue;
      return collapsedTexts(column === 'verdict' ? 'choices' : 'text').safeParse(value).success
        ? [[column, value]]
        : [];
    } catch {
      return [];
    }
  });
  return { ...row, ...Object.fromEntries(parsed) };
}

/** Says that an annotation has a text in a column that is not read. */
function elsewhere(record: JsonObject, answerColumn: string): string | undefined {
  const [column, text] =
    Object.entries(record).find(
      ([name, value]) => !KNOWN_COLUMNS.has(name) && typeof value === 'string' && nonBlank(value) !== null,
    ) ?? [];
  if (column === undefined) return undefined;
  return `its ${answerColumn} is empty, but its column "${column}" holds ${quoted(text)}; if that is the answer, name "${column}" as the answer field`;
}
