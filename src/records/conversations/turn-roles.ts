import type { TurnRole } from '../../domain/conversation.ts';

/** What a turn may be: `call` is a turn of its own for a tool call, which the assistant makes. */
export type SpokenAs = TurnRole | 'call';

/** Own names of roles, in lower case, with the role each stands for. */
export type RoleNames = Readonly<Record<string, TurnRole>>;

/** The names by which public data sets and tools call the roles, in lower case. */
const NAMES: Readonly<Record<SpokenAs, readonly string[]>> = {
  user: ['user', 'human', 'prompter', 'customer', 'usr', 'person', 'visitor', 'client', 'end_user', 'enduser'],
  assistant: [
    ...['assistant', 'gpt', 'chatgpt', 'claude', 'gemini', 'llama', 'model', 'bot', 'chatbot', 'ai'],
    ...['llm', 'agent', 'helper', 'gpt-3', 'gpt-3.5', 'gpt-4', 'gpt3', 'gpt4', 'assistant_response', 'aimessage'],
  ],
  system: ['system', 'developer', 'system_prompt', 'systemmessage'],
  tool: [
    ...['tool', 'function', 'observation', 'ipython', 'tool_response', 'tool_result', 'tool-result', 'tool_output'],
    ...['function_response', 'function-response', 'function response', 'function_output', 'environment', 'toolmessage'],
  ],
  call: ['function_call', 'function-call', 'tool_call', 'tool-call', 'tool_calls', 'functioncall'],
};

const ROLES = new Map(
  Object.entries(NAMES).flatMap(([role, names]) => names.map((name) => [name, role as SpokenAs] as const)),
);
ROLES.set('humanmessage', 'user');

/** The role that a name stands for, in any letter case; undefined for an unknown name. Own names come first. */
export function roleOf(name: string, own: RoleNames = {}): SpokenAs | undefined {
  const plain = name.trim().toLowerCase();
  return Object.hasOwn(own, plain) ? own[plain] : ROLES.get(plain);
}
