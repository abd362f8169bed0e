import type { ChatAnswer, ChatAnswerer, ChatPrompt, ChatReply, ChatUsage } from '../../src/testing/provider-wire.ts';

export type { ChatAnswer, ChatAnswerer, ChatPrompt, ChatReply };

/** Gives the answers one after the other, the last one again and again. */
export function script(...answers: readonly (ChatAnswer | ChatAnswerer)[]): ChatAnswerer {
  let next = 0;
  return (prompt) => {
    const answer = answers[Math.min(next, answers.length - 1)]!;
    next += 1;
    return typeof answer === 'function' ? answer(prompt) : answer;
  };
}

export function userText(messages: readonly { readonly role: string; readonly content: string }[]): string {
  const said = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  return said.join('\n');
}

export function usageOf(prompt: ChatPrompt, reply: ChatReply): Required<ChatUsage> {
  if (reply.usage && reply.usage !== 'missing') return { cached: 0, thinking: 0, ...reply.usage };
  const tokens = (text: string) => Math.ceil(text.length / 4);
  return { input: tokens(JSON.stringify(prompt.request.body)), cached: 0, output: tokens(reply.text), thinking: 0 };
}

interface Candidate {
  readonly id: string;
  readonly instruction: string;
}

/** Answers a prompt that asks to choose exactly N of its candidate lines: the longest instructions. */
export function chooseLongest({ text }: Pick<ChatPrompt, 'text'>): ChatReply {
  return choiceReply(longestFirst(text).slice(0, wantedCount(text)));
}

/** The ways in which a model's choice can be unusable, or nearly so. */
export const SPOILS = ['prose', 'malformed', 'duplicate', 'foreign', 'too-many', 'too-few', 'cut', 'refusal'] as const;
export type Spoil = (typeof SPOILS)[number];

/** A choice that is spoiled in one way. `prose` is still readable, the others are not. */
export function chooseBadly(spoil: Spoil, prompt: Pick<ChatPrompt, 'text'>): ChatReply {
  const candidates = longestFirst(prompt.text);
  const chosen = candidates.slice(0, wantedCount(prompt.text));
  const good = choiceReply(chosen);
  switch (spoil) {
    case 'prose':
      return { text: `Here is what I would choose.\n\`\`\`json\n${good.text}\n\`\`\`\nI hope this helps!` };
    case 'malformed':
      return { text: good.text.replace('"choices":', '"choices" =') };
    case 'duplicate':
      return choiceReply([...chosen.slice(1), chosen.at(-1)!, chosen.at(-1)!].slice(-Math.max(2, chosen.length)));
    case 'foreign':
      return choiceReply([{ id: 'no-such-id', instruction: '' }, ...chosen.slice(1)]);
    case 'too-many':
      return choiceReply([...chosen, { id: 'one-more', instruction: '' }]);
    case 'too-few':
      return choiceReply(chosen.slice(1));
    case 'cut':
      return { text: good.text.slice(0, good.text.length / 2), stop: 'length' };
    case 'refusal':
      return { text: 'I cannot help with that.', stop: 'refusal' };
  }
}

function choiceReply(chosen: readonly Candidate[]): ChatReply {
  const choices = chosen.map(({ id, instruction }) => ({ id, reason: `${instruction.length} characters long` }));
  return { text: JSON.stringify({ choices }) };
}

/** Candidates are JSON lines with an id; the sort is stable, so ties go to the one shown first. */
function longestFirst(text: string): Candidate[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .flatMap((line) => {
      try {
        const { id, instruction } = JSON.parse(line) as Partial<Candidate>;
        return typeof id === 'string' && typeof instruction === 'string' ? [{ id, instruction }] : [];
      } catch {
        return [];
      }
    })
    .sort((a, b) => b.instruction.length - a.instruction.length);
}

function wantedCount(text: string): number {
  const count = /exactly (\d+)/i.exec(text)?.[1];
  if (count === undefined) throw new Error('The prompt does not say how many to choose ("exactly N").');
  return Number(count);
}
