import { expect, it } from 'vitest';
import type { Turn } from '../../src/domain/conversation.ts';
import { earlierConversation } from '../../src/models/earlier-conversation.ts';

const words = (text: string) => text.split(/\s+/).length;
const turns = Array.from(
  { length: 20 },
  (_, turn): Turn => ({ role: turn % 2 === 0 ? 'user' : 'assistant', text: `turn ${turn}` }),
);
const before: Turn[] = [{ role: 'system', text: 'Be brief.' }, ...turns];

it('is nothing for a single request', () => {
  expect(earlierConversation({ instruction: 'a' }, 100, words)).toEqual({});
});

it('shows all turns where they fit', () => {
  const { earlier_conversation: shown } = earlierConversation({ instruction: 'a', context: { before } }, 1_000, words);
  expect(shown).toMatch(/^System: Be brief\.\n\nUser: turn 0\n\n[\s\S]*Assistant: turn 19$/);
});

it('leaves out the oldest turns, says how many, and keeps the system prompt', () => {
  const { earlier_conversation: shown } = earlierConversation({ instruction: 'a', context: { before } }, 18, words);
  expect(shown).toBe(
    'System: Be brief.\n\n[… 15 earlier turns left out …]\n\nAssistant: turn 15\n\nUser: turn 16\n\nAssistant: turn 17\n\nUser: turn 18\n\nAssistant: turn 19',
  );
});
