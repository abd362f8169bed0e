import { describe, expect, it } from 'vitest';
import { chatMessages, openAiMessages, openAiTools, plainMessages } from '../../src/domain/chat-messages.ts';
import { type Conversation, contextText, conversationText, identityText } from '../../src/domain/conversation.ts';
import { embeddingText, pairText } from '../../src/domain/instruction.ts';

const ITEM: Conversation = {
  instruction: 'And in Oslo?',
  input: 'Today.',
  context: {
    before: [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Weather in Rome?' },
      { role: 'assistant', text: '', toolCalls: [{ name: 'weather', arguments: '{"city":"Rome"}' }] },
      { role: 'tool', text: 'clear', name: 'weather' },
      { role: 'assistant', text: 'Clear.' },
    ],
    after: [
      {
        role: 'assistant',
        text: 'Let me look.',
        toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}', id: 'x' }],
      },
      { role: 'tool', text: 'snow', toolCallId: 'x' },
    ],
    tools: [{ name: 'weather' }],
  },
};
const SINGLE = { instruction: 'Sum up.', input: 'A text.' };

describe('a single request', () => {
  it('has the same text everywhere', () => {
    for (const text of [embeddingText, identityText, conversationText]) expect(text(SINGLE)).toBe('Sum up.\n\nA text.');
    expect(contextText(SINGLE)).toBeUndefined();
    expect(pairText({ ...SINGLE, output: 'x' })).toBe('Instruction: Sum up.\nInput: A text.\nResponse: x');
    expect(chatMessages(SINGLE)).toEqual([{ role: 'user', content: 'Sum up.\n\nA text.' }]);
  });
});

describe('a conversation', () => {
  it('is embedded by its request, then the newest turn first and the tools last, as far as it fits', () => {
    const lines = embeddingText(ITEM).split('\n\n');
    expect(lines.slice(0, 4)).toEqual([
      'And in Oslo?',
      'Today.',
      'Tool: snow',
      'Assistant: Let me look.\n[calls weather({"city":"Oslo"})]',
    ]);
    expect(lines.slice(-2)).toEqual(['System: Be brief.', 'Tools: [{"name":"weather"}]']);
    const long = { ...ITEM, context: { before: [{ role: 'user', text: 'x'.repeat(50_000) } as const] } };
    expect(embeddingText(long).length).toBeLessThan(7_000);
  });

  it('is another item as soon as any part of it differs', () => {
    const { context } = ITEM;
    const others: Conversation[] = [
      ITEM,
      { ...ITEM, context: { ...context!, tools: [] } },
      { ...ITEM, context: { before: context!.before.slice(1), after: context!.after! } },
      { ...ITEM, context: { ...context!, after: [] } },
      { instruction: ITEM.instruction, input: ITEM.input! },
    ];
    expect(new Set(others.map(identityText)).size).toBe(others.length);
  });

  it('is readable as one text', () => {
    expect(conversationText(ITEM)).toContain('User: And in Oslo?\n\nToday.\n\nAssistant: Let me look.');
    expect(conversationText(ITEM)).toMatch(/^Tools: \[\{"name":"weather"\}\]\n\nSystem: Be brief\./);
    expect(contextText(ITEM)).not.toContain('And in Oslo?');
  });

  it('is messages in which every call has an id that its result names', () => {
    const messages = openAiMessages(chatMessages(ITEM));
    expect(messages.map(({ role }) => role)).toEqual([
      ...['system', 'user', 'assistant', 'tool', 'assistant', 'user', 'assistant', 'tool'],
    ]);
    expect(messages[2]).toMatchObject({
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather' } }],
    });
    expect(messages[3]).toMatchObject({ tool_call_id: 'call_1', content: 'clear' });
    expect(messages[7]).toMatchObject({ tool_call_id: 'x' });
    expect(openAiTools(ITEM)).toEqual({ tools: [{ type: 'function', function: { name: 'weather' } }] });
  });

  it('is plain messages for APIs that know user and assistant only', () => {
    const { system, messages } = plainMessages(chatMessages(ITEM));
    expect(system).toBe('Be brief.');
    expect(new Set(messages.map(({ role }) => role))).toEqual(new Set(['user', 'assistant']));
    expect(messages[1]!.content).toBe('[calls weather({"city":"Rome"})]');
    expect(messages[2]!.content).toBe('[result of weather]\nclear');
  });
});
