import type { ConversationContext } from '../../domain/conversation.ts';
import type { Instruction, JsonObject, JsonValue } from '../../domain/instruction.ts';

/** A text, or the number of the record's field that holds it; null where there is none. */
type PackedText = string | number | null;

/**
 * An instruction as it is written to the disk. Its texts and fields are usually those of its record, and are not written a
 * second time. A list, because names of fields would be written for each.
 */
export type PackedInstruction = readonly [
  id: string,
  file: string,
  line: number,
  instruction: PackedText,
  input: PackedText,
  output: PackedText,
  context: ConversationContext | null,
  conversation: string | null,
  /** Or the numbers of the record's fields that are not in it. */
  meta: JsonObject | readonly number[],
  record: JsonObject,
];

/** O(fields of the record). */
export function packInstruction(item: Instruction): PackedInstruction {
  const { record } = item;
  const fields = Object.keys(record);
  const packed = (text: string | undefined): PackedText => {
    if (text === undefined) return null;
    const field = fields.findIndex((name) => record[name] === text);
    return field === -1 ? text : field;
  };
  return [
    item.id,
    item.source.file,
    item.source.line,
    packed(item.instruction),
    packed(item.input),
    packed(item.output),
    item.context ?? null,
    item.conversation ?? null,
    leftOut(item.meta, record, fields) ?? item.meta,
    record,
  ];
}

/** The numbers of the fields that `meta` lacks; undefined where it holds anything but the others as they are, in their order. */
function leftOut(meta: JsonObject, record: JsonObject, fields: readonly string[]): number[] | undefined {
  const left: number[] = [];
  const kept = Object.keys(meta);
  let next = 0;
  for (const [number, name] of fields.entries()) {
    if (kept[next] !== name) left.push(number);
    else if (Object.is(meta[name], record[name])) next += 1;
    else return undefined;
  }
  return next === kept.length ? left : undefined;
}

/** The instruction as it was packed. */
export function unpackInstruction(packed: PackedInstruction): Instruction {
  const [id, file, line, instruction, input, output, context, conversation, meta, record] = packed;
  const fields = Object.keys(record);
  const unpacked = (text: string | number) => (typeof text === 'string' ? text : (record[fields[text]!] as string));
  const item: { -readonly [Name in keyof Instruction]: Instruction[Name] } = {
    id,
    instruction: unpacked(instruction!),
    meta: isNumbers(meta) ? fieldsBut(record, fields, meta) : meta,
    record,
    source: { file, line },
  };
  if (input !== null) item.input = unpacked(input);
  if (output !== null) item.output = unpacked(output);
  if (context !== null) item.context = context;
  if (conversation !== null) item.conversation = conversation;
  return item;
}

function isNumbers(meta: JsonObject | readonly number[]): meta is readonly number[] {
  return Array.isArray(meta);
}

function fieldsBut(record: JsonObject, fields: readonly string[], left: readonly number[]): JsonObject {
  const meta: Record<string, JsonValue> = {};
  for (const [number, name] of fields.entries()) {
    if (left.includes(number)) continue;
    // A field may be called `__proto__`.
    if (name === '__proto__')
      Object.defineProperty(meta, name, { value: record[name], enumerable: true, writable: true, configurable: true });
    else meta[name] = record[name]!;
  }
  return meta;
}
