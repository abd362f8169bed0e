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
  return choiceReply(longestFirst(text).slice(0, wantedCount(text)), hasJsonLines(text));
}

/** The ways in which a model's choice can be unusable, or nearly so. */
export const SPOILS = ['prose', 'malformed', 'duplicate', 'foreign', 'too-many', 'too-few', 'cut', 'refusal'] as const;
export type Spoil = (typeof SPOILS)[number];

/** A choice that is spoiled in one way. `prose` is still readable, the others are not. */
export function chooseBadly(spoil: Spoil, prompt: Pick<ChatPrompt, 'text'>): ChatReply {
  const candidates = longestFirst(prompt.text);
  const chosen = candidates.slice(0, wantedCount(prompt.text));
  const isJson = hasJsonLines(prompt.text);
  const good = choiceReply(chosen, isJson);
  switch (spoil) {
    case 'prose':
      return {
        text: `Here is what I would choose.\n\`\`\`${isJson ? 'json' : ''}\n${good.text}\n\`\`\`\nI hope this helps!`,
      };
    case 'malformed':
      return { text: good.text.replace('"choices":', '"choices" =').replaceAll(' ', '-') };
    case 'duplicate':
      return choiceReply(
        [...chosen.slice(1), chosen.at(-1)!, chosen.at(-1)!].slice(-Math.max(2, chosen.length)),
        isJson,
      );
    case 'foreign':
      return choiceReply([{ id: 'zzzzz', instruction: '' }, ...chosen.slice(1)], isJson);
    case 'too-many':
      return choiceReply([...chosen, { id: 'zzzzz', instruction: '' }], isJson);
    case 'too-few':
      return choiceReply(chosen.slice(1), isJson);
    case 'cut':
      return { text: good.text.slice(0, good.text.length / 2), stop: 'length' };
    case 'refusal':
      return { text: 'I cannot help with that.', stop: 'refusal' };
  }
}

/** Of candidates in JSON with a reason each; else the ids alone. */
function choiceReply(chosen: readonly Candidate[], isJson: boolean): ChatReply {
  if (!isJson) return { text: chosen.map(({ id }) => id).join(' ') };
  const choices = chosen.map(({ id, instruction }) => ({ id, reason: `${instruction.length} characters long` }));
  return { text: JSON.stringify({ choices }) };
}

function hasJsonLines(text: string): boolean {
  return /^\{"id":"[^"]*",.*\}$/m.test(text);
}

/**
 * Candidates are lines: JSON with an id, or the id of consonants and the text. The sort is stable, so ties go to the one
 * shown first.
 */
function longestFirst(text: string): Candidate[] {
  const plain = [...text.matchAll(/^\{"id":"([bcdfghjkmnpqrstvwxz]{2,8})"\} (.*?)(?: \|\| .*)?$/gm)];
  const candidates = hasJsonLines(text)
    ? jsonLines(text)
    : plain.map(([, id, instruction]) => ({ id: id!, instruction: instruction! }));
  return candidates.sort((a, b) => b.instruction.length - a.instruction.length);
}

function jsonLines(text: string): Candidate[] {
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
    });
}

function wantedCount(text: string): number {
  const count = /exactly (\d+)/i.exec(text)?.[1];
  if (count === undefined) throw new Error('The prompt does not say how many to choose ("exactly N").');
  return Number(count);
}
