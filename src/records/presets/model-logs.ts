import { isJsonObject, type JsonObject } from '../../domain/instruction.ts';
import { answered, asked, compact, firstAt, type RecordPreset, systemText, without } from './record-preset.ts';

/** Files of OpenAI's batch API: requests, and results, which answer the requests of another file. */
export const openAiBatchPreset: RecordPreset = {
  name: 'openai-batch',
  summary: 'requests of OpenAI’s batch API, with their results where both files are given',
  source: 'https://platform.openai.com/docs/guides/batch',
  detects: (record) => typeof record.custom_id === 'string' && (isJsonObject(record.body) || 'response' in record),
  convert: (record) => {
    const body = isJsonObject(record.body) ? record.body : undefined;
    const request = asked(firstAt(body ?? {}, 'messages', 'input', 'prompt'));
    if (body === undefined || request === undefined) return [];
    const rest = without(body, 'messages', 'input', 'prompt', 'tools', 'instructions');
    return [
      compact({
        id: record.custom_id,
        ...request,
        system: systemText(body.instructions),
        tools: body.tools,
        ...answered(firstAt(record, 'response.body')),
        ...rest,
      }),
    ];
  },
  answer: ({ custom_id: to, body, ...record }) =>
    typeof to === 'string' && body === undefined && 'response' in record
      ? { to, answer: answered(firstAt(record, 'response.body')) }
      : undefined,
};

/** Logs of calls of OpenAI's API, and stored completions. */
export const openAiLogsPreset: RecordPreset = {
  name: 'openai-logs',
  summary: 'logged requests and responses of OpenAI’s API',
  source: 'https://platform.openai.com/docs/api-reference/chat',
  detects: (record) => isLog(record) && firstAt(record, 'response.choices', 'response.body.choices') !== undefined,
  convert: (record) => {
    const request = asked(
      firstAt(record, 'request.messages', 'request.body.messages', 'request.input', 'messages', 'input'),
    );
    if (request === undefined) return [];
    const response = firstAt(record, 'response.body', 'response', 'completion', 'output', 'choices.0.message');
    return [
      compact({
        ...without(record, 'request', 'response', 'messages', 'input', 'output', 'choices', 'completion', 'tools'),
        ...request,
        system: systemText(firstAt(record, 'request.instructions')),
        tools: firstAt(record, 'request.tools', 'request.body.tools', 'tools'),
        ...answered(response),
      }),
    ];
  },
};

/** Logs of calls of Anthropic's API. */
export const anthropicLogsPreset: RecordPreset = {
  name: 'anthropic-logs',
  summary: 'logged requests and responses of Anthropic’s API',
  source: 'https://platform.claude.com/docs/en/api/messages',
  detects: (record) => isLog(record) && Array.isArray(firstAt(record, 'response.content', 'response.body.content')),
  convert: (record) => {
    const request = asked(firstAt(record, 'request.messages', 'request.body.messages', 'params.messages', 'messages'));
    if (request === undefined) return [];
    const content = firstAt(record, 'response.content', 'response.body.content', 'result.message.content', 'content');
    return [
      compact({
        id: record.custom_id,
        ...without(record, 'request', 'response', 'messages', 'content', 'params', 'result', 'system', 'tools'),
        ...request,
        system: systemText(firstAt(record, 'request.system', 'request.body.system', 'params.system', 'system')),
        tools: firstAt(record, 'request.tools', 'request.body.tools', 'params.tools', 'tools'),
        ...answered(content),
      }),
    ];
  },
};

function isLog(record: JsonObject): boolean {
  return isJsonObject(record.request) && isJsonObject(record.response);
}
