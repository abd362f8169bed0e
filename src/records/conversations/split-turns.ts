import { type ConversationContext, spokenText, type Turn } from '../../domain/conversation.ts';
import type { JsonValue } from '../../domain/instruction.ts';

/** Which user turns are items: the last (later answer is the response), the first, or each with its history. */
export const TURN_CHOICES = ['last', 'first', 'each'] as const;
export type TurnChoice = (typeof TURN_CHOICES)[number];

/** One user turn as an item. */
export interface TurnItem {
  readonly request: string;
  readonly context?: ConversationContext;
  readonly response?: string;
  /** Of how many user turns, and which: from 1. */
  readonly turn: number;
  readonly turns: number;
  /** Turns of the conversation that come later and are no part of the item. */
  readonly laterTurns: number;
}

/**
 * Makes items of a conversation. The response is the last thing that the assistant says before the next user turn; tool
 * calls and results in between are context. O(turns²) for `each`.
 * @returns empty when there is no user turn
 */
export function splitTurns(turns: readonly Turn[], choice: TurnChoice, tools?: JsonValue): TurnItem[] {
  const users = turns.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  const chosen = choice === 'each' ? users : users.slice(choice === 'last' ? -1 : 0, choice === 'last' ? undefined : 1);
  return chosen.map((at) => {
    const number = users.indexOf(at);
    const end = users[number + 1] ?? turns.length;
    const following = turns.slice(at + 1, end);
    const answer = following.at(-1)?.role === 'assistant' ? following.at(-1) : undefined;
    const after = answer === undefined ? following : following.slice(0, -1);
    const response = answer && spokenText(answer);
    const context = contextOf(turns.slice(0, at), after, tools);
    return {
      request: turns[at]!.text,
      ...(context === undefined ? {} : { context }),
      ...(response === undefined || response.trim() === '' ? {} : { response }),
      turn: number + 1,
      turns: users.length,
      laterTurns: turns.length - end,
    };
  });
}

function contextOf(
  before: readonly Turn[],
  after: readonly Turn[],
  tools?: JsonValue,
): ConversationContext | undefined {
  if (before.length === 0 && after.length === 0 && tools === undefined) return undefined;
  return { before, ...(after.length === 0 ? {} : { after }), ...(tools === undefined ? {} : { tools }) };
}
