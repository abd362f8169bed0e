import { isUtf8 } from 'node:buffer';
import { jsonFault, parseForeignJson } from '../domain/foreign-json.ts';
import type { JsonValue } from '../domain/instruction.ts';

/** Stands for a value that cannot be read, so that only its row is bad and not the file. */
export class UnreadableValue {
  readonly cause: string;

  constructor(cause: string) {
    this.cause = cause;
  }
}

/** How the Parquet parser decodes bytes that are declared to be text or JSON: exactly, or not at all. */
export const PARQUET_PARSERS = {
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && textFrom(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && jsonFrom(bytes),
};

/**
 * A Parquet value as JSON can hold it: integers beyond 2⁵³ and infinities become text, not-a-number
 * becomes null (that is how data frames write a missing number), dates ISO 8601, maps and structs
 * objects, bytes their text where they are UTF-8, else base64.
 * @param holdsJson whether bytes are JSON texts
 */
export function jsonFromParquet(value: unknown, holdsJson: boolean): JsonValue | UnreadableValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      return Number.isNaN(value) ? null : String(value);
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object':
      return fromObject(value, holdsJson);
    default:
      return null;
  }
}

function fromObject(value: object | null, holdsJson: boolean): JsonValue | UnreadableValue {
  if (value === null) return null;
  if (value instanceof UnreadableValue) return value;
  if (value instanceof Uint8Array) {
    if (holdsJson) return jsonFrom(value);
    return isUtf8(value) ? textFrom(value) : asBuffer(value).toString('base64');
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime())
      ? new UnreadableValue('holds a date that is out of range')
      : value.toISOString();
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => jsonFromParquet(item, false));
    return items.find((item) => item instanceof UnreadableValue) ?? (items as JsonValue[]);
  }
  const entries = Object.entries(value).map(([name, field]) => [name, jsonFromParquet(field, false)] as const);
  const bad = entries.find(([, field]) => field instanceof UnreadableValue);
  return bad === undefined ? (Object.fromEntries(entries) as JsonValue) : bad[1];
}

function textFrom(bytes: Uint8Array): string | UnreadableValue {
  return isUtf8(bytes) ? asBuffer(bytes).toString('utf8') : new UnreadableValue('holds bytes that are not valid UTF-8');
}

function jsonFrom(bytes: Uint8Array): JsonValue | UnreadableValue {
  const text = textFrom(bytes);
  if (typeof text !== 'string') return text;
  try {
    return parseForeignJson(text) as JsonValue;
  } catch (error) {
    return new UnreadableValue(`cannot be read: ${jsonFault(error)}`);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
