import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { compact, type RecordPreset, without } from './record-preset.ts';

/** Conversations that people export from ChatGPT, in which each edited question or repeated answer begins a branch. */
export const chatGptPreset: RecordPreset = {
  name: 'chatgpt',
  summary: 'conversations exported from ChatGPT (conversations.json): the branch that is shown there',
  source: 'https://help.openai.com/en/articles/7260999-how-do-i-export-my-chatgpt-history-and-data',
  detects: ({ mapping }) => isJsonObject(mapping) && Object.values(mapping).some(isNode),
  convert: (record) => {
    const { mapping, current_node: current } = record;
    if (!isJsonObject(mapping)) return [];
    const messages = branchOf(mapping, current).flatMap(messageOf);
    if (messages.length === 0) return [];
    const id = record.conversation_id ?? record.id;
    return [compact({ ...without(record, 'mapping', 'current_node'), id, messages })];
  },
};

function isNode(value: JsonValue): boolean {
  return isJsonObject(value) && 'message' in value && 'parent' in value;
}

/** From the first message to the one that is shown last; where none is named, to the newest leaf. O(nodes). */
function branchOf(mapping: JsonObject, current: JsonValue | undefined): readonly JsonObject[] {
  const leaves = Object.keys(mapping).filter((id) => {
    const node = mapping[id];
    return isJsonObject(node) && (!Array.isArray(node.children) || node.children.length === 0);
  });
  const branch: JsonObject[] = [];
  const seen = new Set<JsonValue>();
  let id = typeof current === 'string' && Object.hasOwn(mapping, current) ? current : leaves.at(-1);
  while (typeof id === 'string' && !seen.has(id)) {
    seen.add(id);
    const node: JsonValue | undefined = Object.hasOwn(mapping, id) ? mapping[id] : undefined;
    if (!isJsonObject(node)) break;
    if (isJsonObject(node.message)) branch.unshift(node.message);
    id = typeof node.parent === 'string' ? node.parent : undefined;
  }
  return branch;
}

/** What a model thinks, and what the page keeps to itself. */
const NOT_SAID: ReadonlySet<JsonValue | undefined> = new Set([
  ...['thoughts', 'reasoning_recap', 'model_editable_context', 'app_pairing_content'],
]);

function messageOf({ author, content, recipient, metadata }: JsonObject): JsonObject[] {
  if (!isJsonObject(author) || !isJsonObject(content) || NOT_SAID.has(content.content_type)) return [];
  if (isJsonObject(metadata) && metadata.is_visually_hidden_from_conversation === true) return [];
  const parts = partsOf(content);
  const text = parts.flatMap((part) => (typeof part.text === 'string' ? [part.text] : [])).join('\n');
  if (parts.length === 0) return [];
  if (author.role === 'assistant' && typeof recipient === 'string' && recipient !== 'all') {
    const call = { type: 'function', function: { name: recipient, arguments: text } };
    return [{ role: 'assistant', content: '', tool_calls: [call] }];
  }
  return [
    compact({
      role: author.role,
      name: author.role === 'tool' ? (author.name ?? undefined) : undefined,
      content: parts,
    }),
  ];
}

/** Texts and, of images and files, their addresses. */
function partsOf({ parts, text, result }: JsonObject): JsonObject[] {
  const all = Array.isArray(parts) ? parts : [text ?? result ?? ''];
  return all.flatMap((part: JsonValue): JsonObject[] => {
    if (typeof part === 'string') return part.trim() === '' ? [] : [{ type: 'text', text: part }];
    if (!isJsonObject(part)) return [];
    if (typeof part.text === 'string') return [{ type: 'text', text: part.text }];
    const url = part.asset_pointer;
    return typeof url === 'string' ? [{ type: 'image_url', image_url: { url } }] : [];
  });
}
