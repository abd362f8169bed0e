import { type Conversation, toolsText, turnText } from '../domain/conversation.ts';
import { shortenText } from './shorten-text.ts';

/** Share of the room that one turn may take, so that a pasted document leaves room for the turns around it. */
const TURN_SHARE = 0.5;

/**
 * What was said around the last request, as a prompt shows it: system prompt and tools first, then the turns in order. When
 * it is too long, whole turns are left out, the oldest first, with a mark that says how many; long turns are shortened
 * in the middle.
 * @param maxTokens most tokens it may take, about
 * @returns nothing for a single request
 */
export function earlierConversation(
  { context }: Conversation,
  maxTokens: number,
  countTokens: (text: string) => number,
): { readonly earlier_conversation?: string } {
  if (context === undefined) return {};
  const turnTokens = Math.floor(maxTokens * TURN_SHARE);
  const shorten = (text: string) => shortenText(text, turnTokens, countTokens);
  const isSystem = ({ role }: { readonly role: string }) => role === 'system';
  const system = [...context.before.filter(isSystem).map(turnText), ...toolsText(context)].map(shorten);
  const after = (context.after ?? []).map((turn) => `(After the instruction) ${turnText(turn)}`);
  const turns = [...context.before.filter((turn) => !isSystem(turn)).map(turnText), ...after];
  let room = maxTokens - system.reduce((sum, text) => sum + countTokens(text), 0);
  const shown: string[] = [];
  for (const turn of [...turns].reverse()) {
    const text = shorten(turn);
    room -= countTokens(text);
    if (room < 0 && shown.length > 0) break;
    shown.unshift(text);
  }
  const leftOut = turns.length - shown.length;
  const mark = leftOut === 0 ? [] : [`[… ${leftOut} earlier ${leftOut === 1 ? 'turn' : 'turns'} left out …]`];
  return { earlier_conversation: [...system, ...mark, ...shown].join('\n\n') };
}
