import type { Turn } from '../../domain/conversation.ts';
import { calledTool } from './turn-content.ts';

/** Where a turn begins in a transcript: a name of a role and a colon at the start of a line. */
const SPEAKER = /(?:^|\n)[ \t]*(SYSTEM|USER|ASSISTANT|FUNCTION RESPONSE|Human|Assistant|User|System)[ \t]*:[ \t]?/g;
const END_OF_TEXT = /<\|endoftext\|>/g;
const ROLES: Readonly<Record<string, Turn['role']>> = {
  system: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  'function response': 'tool',
};

/**
 * Reads a conversation that is written as one text, as in HH-RLHF ("Human: … Assistant: …") and glaive ("USER: …
 * ASSISTANT: … FUNCTION RESPONSE: …").
 * @returns undefined for a text that does not begin with a speaker, or has one only
 */
export function readTranscript(text: string): Turn[] | undefined {
  const starts = [...text.matchAll(SPEAKER)];
  const [first] = starts;
  if (first === undefined || text.slice(0, first.index).trim() !== '') return undefined;
  const roles = starts.map(([, name]) => ROLES[name!.toLowerCase()]!);
  if (!roles.includes('user') || !roles.includes('assistant')) return undefined;
  return starts.map((start, index): Turn => {
    const said = text
      .slice(start.index + start[0].length, starts[index + 1]?.index)
      .replace(END_OF_TEXT, '')
      .trim();
    return roles[index] === 'assistant' ? assistantTurn(said) : { role: roles[index]!, text: said };
  });
}

/** glaive writes a call as `<functioncall> {"name": "f", "arguments": '{…}'}`. */
function assistantTurn(said: string): Turn {
  const [before, call] = said.split('<functioncall>', 2);
  if (call === undefined) return { role: 'assistant', text: said };
  const [, name] = /"name"\s*:\s*"([^"]+)"/.exec(call) ?? [];
  const [, given] = /"arguments"\s*:\s*'?([\s\S]*?)'?\s*\}\s*$/.exec(call.trim()) ?? [];
  const toolCalls = name === undefined ? [{ name: 'tool', arguments: call.trim() }] : [calledTool(name, given ?? '{}')];
  return { role: 'assistant', text: before!.trim(), toolCalls };
}
