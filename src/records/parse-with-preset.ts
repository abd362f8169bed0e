import { isJsonObject, type JsonObject } from '../domain/instruction.ts';
import { type ParsedRecord, parseRecord, type RecordReading } from './parse-record.ts';
import type { RecordPreset } from './presets/record-preset.ts';
import { PRESETS } from './presets/registry.ts';
import type { UnusableRecord } from './record-problems.ts';

/** What was read, and the tool whose form it was recognized by. */
export type PresetRecord = (ParsedRecord | UnusableRecord | ParsedAnswer) & { readonly recognized?: RecordPreset };

/** The answer to a request of another record. */
export interface ParsedAnswer {
  readonly to: string;
  /** Undefined where the request failed. */
  readonly output: string | undefined;
}

/**
 * `parseRecord` for records of tools: those of the named preset, or, where a record is none by itself, of the first preset
 * that recognizes it. The instructions keep the whole record as the tool wrote it.
 */
export function parseWithPreset(value: unknown, reading: RecordReading, from?: string): PresetRecord {
  if (from !== undefined)
    return isJsonObject(value) ? converted(value, reading, PRESETS.find(from)) : parseRecord(value);
  const own = presetByField(value, reading);
  if (own !== undefined) return own;
  const parsed = parseRecord(value, reading);
  if (
    'drafts' in parsed ||
    parsed.isNothing === true ||
    !isJsonObject(value) ||
    reading.fields?.instruction !== undefined
  ) {
    return parsed;
  }
  const preset = [...PRESETS].find((one) => one.detects(value));
  if (preset === undefined) return parsed;
  return { ...converted(value, reading, preset), recognized: preset };
}

const WITH_OWN_FIELD = [...PRESETS].filter(({ ownField }) => ownField !== undefined);

/** What a record is by a field of one tool; undefined for nearly all. */
function presetByField(value: unknown, reading: RecordReading): PresetRecord | undefined {
  if (!isJsonObject(value) || reading.fields?.instruction !== undefined) return undefined;
  const preset = WITH_OWN_FIELD.find((one) => one.ownField! in value && one.detects(value));
  return preset === undefined ? undefined : { ...converted(value, reading, preset), recognized: preset };
}

function converted(
  record: object,
  reading: RecordReading,
  preset: RecordPreset,
): ParsedRecord | UnusableRecord | ParsedAnswer {
  if (!isJsonObject(record)) return parseRecord(record, reading);
  const requests = preset.convert(record);
  const answer = requests.length === 0 ? preset.answer?.(record) : undefined;
  if (answer !== undefined) return { to: answer.to, output: outputOf(answer.answer) };
  if (requests.length === 0) return { cause: `it holds no request (${preset.name})`, isNothing: true };
  const parsed = requests.map((request) => parseRecord(request, reading));
  const bad = parsed.find((one) => 'cause' in one);
  if (bad !== undefined) return bad;
  const read = parsed.filter((one) => 'drafts' in one);
  const sum = (of: (one: ParsedRecord) => number | undefined) => read.reduce((total, one) => total + (of(one) ?? 0), 0);
  return {
    drafts: read.flatMap(({ drafts }) => drafts.map((draft) => ({ ...draft, record }))),
    mapping: read[0]!.mapping,
    ...(read.some(({ turns }) => turns !== undefined) ? { turns: sum(({ turns }) => turns) } : {}),
    laterTurns: sum(({ laterTurns }) => laterTurns),
    media: sum(({ media }) => media),
  };
}

/** The response that a request with such an answer would have. */
function outputOf(answer: JsonObject): string | undefined {
  if (Object.keys(answer).length === 0) return undefined;
  const parsed = parseRecord({ messages: [{ role: 'user', content: '?' }], ...answer });
  return 'drafts' in parsed ? parsed.drafts[0]!.output : undefined;
}
