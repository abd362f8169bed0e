import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { asked, compact, firstAt, type RecordPreset, without } from './record-preset.ts';

/** Tasks of Label Studio, with the first answer that was typed. */
export const labelStudioPreset: RecordPreset = {
  name: 'label-studio',
  summary: 'tasks of Label Studio (JSON)',
  source: 'https://labelstud.io/guide/export#Label-Studio-JSON-format-of-annotated-tasks',
  detects: (record) =>
    isJsonObject(record.data) && ('annotations' in record || 'completions' in record || 'predictions' in record),
  convert: (record) => {
    const data = isJsonObject(record.data) ? record.data : {};
    const request = requestIn(data);
    if (request === undefined) return [];
    const output = firstText(firstAt(record, 'annotations.0.result', 'completions.0.result'));
    return [
      compact({ ...without(record, 'data', 'annotations', 'completions', 'predictions'), ...data, ...request, output }),
    ];
  },
};

/** Records of Argilla, with the first answer. */
export const argillaPreset: RecordPreset = {
  name: 'argilla',
  summary: 'records of Argilla (JSON)',
  source: 'https://docs.argilla.io/latest/how_to_guides/import_export/',
  detects: (record) =>
    isJsonObject(record.fields) && ('responses' in record || 'suggestions' in record || 'metadata' in record),
  convert: (record) => {
    const fields = isJsonObject(record.fields) ? record.fields : {};
    const request = requestIn(fields);
    if (request === undefined) return [];
    const answers = Object.values(isJsonObject(record.responses) ? record.responses : {});
    const output = firstText(answers[0] ?? firstAt(record, 'responses.0.values'));
    const metadata = isJsonObject(record.metadata) ? record.metadata : {};
    const id = firstAt(record, 'external_id', 'id');
    return [
      compact({
        ...without(record, 'fields', 'responses', 'metadata'),
        ...metadata,
        ...fields,
        ...request,
        id,
        output,
      }),
    ];
  },
};

/** Examples of doccano, with the first label. */
export const doccanoPreset: RecordPreset = {
  name: 'doccano',
  summary: 'examples of doccano (JSONL)',
  source: 'https://doccano.github.io/doccano/tutorial/',
  detects: () => false,
  convert: (record) => {
    const request = asked(firstAt(record, 'text', 'data'));
    if (request === undefined) return [];
    return [
      compact({
        ...without(record, 'text', 'data', 'label', 'labels'),
        ...request,
        output: firstText(record.label ?? record.labels),
      }),
    ];
  },
};

/** A request among the fields of a task; the only text where no name is known. */
function requestIn(fields: JsonObject): JsonObject | undefined {
  const known = asked(fields);
  if (known !== undefined) return known;
  const texts = Object.values(fields).filter((value) => typeof value === 'string' && value.trim() !== '');
  const [only] = texts;
  return texts.length === 1 ? asked(only) : undefined;
}

/** The first text inside, as tools nest answers: in lists, under `value`, `text` or the name of a question. */
function firstText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  const parts = Array.isArray(value) ? value : isJsonObject(value) ? [value.text, value.value, value.response] : [];
  for (const part of parts) {
    const text = firstText(part as JsonValue | undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}
