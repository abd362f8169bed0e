import { parseBoundedJson } from '../../domain/foreign-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { answered, asked, compact, firstAt, type RecordPreset, without } from './record-preset.ts';

/** Traces and observations that Langfuse exports. */
export const langfusePreset: RecordPreset = {
  name: 'langfuse',
  summary: 'traces or observations of Langfuse',
  source: 'https://langfuse.com/docs/api-and-data-platform/features/export-from-ui',
  detects: (record) =>
    'input' in record &&
    'output' in record &&
    ['traceId', 'sessionId', 'projectId', 'htmlPath'].some((name) => name in record),
  convert: (record) => trace(record, parsed(record.input), parsed(record.output), 'input', 'output'),
};

/** Runs that LangSmith exports. */
export const langsmithPreset: RecordPreset = {
  name: 'langsmith',
  summary: 'runs or examples of LangSmith',
  source: 'https://docs.langchain.com/langsmith/export-traces',
  detects: (record) => isJsonObject(record.inputs) && 'outputs' in record,
  convert: (record) =>
    trace(record, unwrapped(parsed(record.inputs)), unwrapped(parsed(record.outputs)), 'inputs', 'outputs'),
};

const PHOENIX_INPUT = ['attributes.llm.input_messages', 'llm.input_messages', 'attributes.input.value', 'input.value'];
const PHOENIX_OUTPUT = [
  'attributes.llm.output_messages',
  'llm.output_messages',
  'attributes.output.value',
  'output.value',
];

/** Spans that Phoenix exports, in OpenInference's names. */
export const phoenixPreset: RecordPreset = {
  name: 'phoenix',
  summary: 'spans of Arize Phoenix (OpenInference)',
  source: 'https://arize-ai.github.io/openinference/spec/semantic_conventions.html',
  detects: (record) => firstAt(record, ...PHOENIX_INPUT) !== undefined,
  convert: (record) => {
    const id = firstAt(record, 'context.span_id', 'span_id', 'id');
    const rest = without(record, 'attributes', ...PHOENIX_INPUT, ...PHOENIX_OUTPUT);
    const request = asked(openInference(firstAt(record, ...PHOENIX_INPUT)));
    if (request === undefined) return [];
    return [compact({ ...rest, id, ...request, ...answered(openInference(firstAt(record, ...PHOENIX_OUTPUT))) })];
  },
};

/** OpenInference has `{"message": {"role", "content"}}` or `{"message.role", "message.content"}`. */
function openInference(value: JsonValue | undefined): JsonValue | undefined {
  const messages = parsed(value);
  if (!Array.isArray(messages)) return messages;
  return messages.map((item: JsonValue) => {
    if (!isJsonObject(item)) return item;
    if (isJsonObject(item.message)) return item.message;
    return 'message.role' in item ? { role: item['message.role']!, content: item['message.content'] ?? '' } : item;
  });
}

/** Spans of OpenTelemetry's conventions for generative AI, flat or as OTLP JSON. */
export const otelPreset: RecordPreset = {
  name: 'otel',
  summary: 'OpenTelemetry spans of generative AI, flat or OTLP JSON',
  source: 'https://opentelemetry.io/docs/specs/semconv/gen-ai/',
  detects: (record) => Array.isArray(record.resourceSpans) || spanRequest(record) !== undefined,
  convert: (record) =>
    spansOf(record).flatMap((span) => {
      const request = spanRequest(span);
      if (request === undefined) return [];
      const id = firstAt(span, 'spanId', 'span_id', 'id');
      const attributes = attributesOf(span);
      const kept = Object.entries(attributes).filter(
        ([name]) => !/^gen_ai\.(prompt|completion|input|output)/.test(name),
      );
      return [
        compact({
          ...Object.fromEntries(kept),
          id,
          ...request,
          ...answered(messagesIn(attributes, 'completion', 'output')),
        }),
      ];
    }),
};

function spansOf(record: JsonObject): JsonObject[] {
  if (!Array.isArray(record.resourceSpans)) return [record];
  const listed = (value: JsonValue | undefined): JsonObject[] =>
    Array.isArray(value) ? value.filter(isJsonObject) : [];
  return listed(record.resourceSpans)
    .flatMap((resource) => listed(resource.scopeSpans))
    .flatMap((scope) => listed(scope.spans));
}

function spanRequest(span: JsonObject): JsonObject | undefined {
  return asked(messagesIn(attributesOf(span), 'prompt', 'input'));
}

/** Attributes by name; OTLP lists them as `{key, value: {stringValue}}`. */
function attributesOf(span: JsonObject): JsonObject {
  const { attributes } = span;
  if (isJsonObject(attributes)) return attributes;
  if (!Array.isArray(attributes)) return span;
  return Object.fromEntries(
    attributes.filter(isJsonObject).map((attribute) => {
      const { value } = attribute;
      return [String(attribute.key), (isJsonObject(value) ? Object.values(value)[0] : value) ?? null];
    }),
  );
}

/** `gen_ai.input.messages` as JSON, or the older `gen_ai.prompt.0.role`, `gen_ai.prompt.0.content`, … */
function messagesIn(attributes: JsonObject, older: string, newer: string): JsonValue | undefined {
  const messages = parsed(attributes[`gen_ai.${newer}.messages`]);
  if (Array.isArray(messages)) return messages.map(withContent);
  const turns: JsonObject[] = [];
  for (let at = 0; ; at += 1) {
    const content = attributes[`gen_ai.${older}.${at}.content`];
    const role = attributes[`gen_ai.${older}.${at}.role`];
    if (content === undefined && role === undefined) break;
    turns.push({ role: role ?? (older === 'prompt' ? 'user' : 'assistant'), content: content ?? '' });
  }
  return turns.length === 0 ? undefined : turns;
}

/** Parts of the newer convention hold their text as `content`. */
function withContent(message: JsonValue): JsonValue {
  return isJsonObject(message) && Array.isArray(message.parts)
    ? { ...without(message, 'parts'), content: message.parts }
    : message;
}

function trace(
  record: JsonObject,
  input: JsonValue | undefined,
  output: JsonValue | undefined,
  ...read: readonly string[]
): readonly JsonObject[] {
  const request = asked(input);
  return request === undefined ? [] : [compact({ ...without(record, ...read), ...request, ...answered(output) })];
}

/** LangChain writes messages as `{"lc": 1, "id": [… "HumanMessage"], "kwargs": {"content"}}`. */
function unwrapped(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((item: JsonValue) => unwrapped(item) ?? null);
  if (!isJsonObject(value)) return value;
  if (value.lc !== undefined && isJsonObject(value.kwargs) && Array.isArray(value.id)) {
    return { ...value.kwargs, role: String(value.id.at(-1)).replace(/(Message)?Chunk$/, 'Message') };
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, unwrapped(field) ?? null]));
}

/** Exports to tables hold JSON as text. */
function parsed(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const read = jsonIn(value);
  return read ?? value;
}

function jsonIn(text: string): JsonValue | undefined {
  try {
    return parseBoundedJson(text) as JsonValue;
  } catch {
    return undefined;
  }
}
