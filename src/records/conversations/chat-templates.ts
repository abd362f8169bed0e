import type { Turn } from '../../domain/conversation.ts';
import { type RoleNames, roleOf } from './turn-roles.ts';

/** How a model's chat template, or a data set, marks where a turn begins. The first group is the role, if it is written. */
interface ChatTemplate {
  readonly mark: RegExp;
  /** The role of a mark that names none. */
  readonly roleAt?: (mark: string) => 'user' | 'assistant' | 'input';
}

const INSTRUCTION_ROLES = { instruction: 'user', input: 'input', response: 'assistant' } as const;

const TEMPLATES: readonly ChatTemplate[] = [
  // ChatML (Qwen, Yi, …), Llama 3, Gemma, Zephyr and Phi.
  { mark: /<\|im_start\|>[ \t]*(\w+)[ \t]*\n/g },
  { mark: /<\|start_header_id\|>[ \t]*(\w+)[ \t]*<\|end_header_id\|>\s*/g },
  { mark: /<start_of_turn>[ \t]*(\w+)[ \t]*\n/g },
  { mark: /<\|(system|user|assistant|prompter|human|bot)\|>:?[ \t]*\n?/gi },
  // Llama 2 and Mistral.
  { mark: /\[\/?INST\][ \t]*/g, roleAt: (mark) => (mark.startsWith('[/') ? 'assistant' : 'user') },
  // Baize.
  { mark: /\[\|(Human|AI|User|Assistant)\|\][ \t]*/g },
  // Guanaco.
  { mark: /###[ \t]*(Human|User|Assistant|System|AI|GPT)[ \t]*:[ \t]*/gi },
  // Alpaca.
  {
    mark: /###[ \t]*(?:Instruction|Input|Response)[ \t]*:[ \t]*\n?/gi,
    roleAt: (mark) => INSTRUCTION_ROLES[/[a-z]+/i.exec(mark)![0].toLowerCase() as keyof typeof INSTRUCTION_ROLES],
  },
];

const MARKED =
  /<\|(?:im_start|start_header_id|begin_of_text|system|user|prompter|human)|<start_of_turn>|\[INST\]|\[\|Human|###[ \t]*(?:Human|User|System|Instruction)[ \t]*:/i;
const BEGINNING = /^(?:\s|<s>|<bos>|<\|begin_of_text\|>|<\|endoftext\|>)*/;
const END_MARKS = /<\|(?:im_end|eot_id|end|end_of_text|endoftext|eom_id)\|>|<end_of_turn>|<\/?s>|<eos>/g;
const LLAMA_SYSTEM = /^\s*<<SYS>>\s*([\s\S]*?)\s*<<\/SYS>>\s*/;

/**
 * Reads a conversation that is written out in a model's chat template, or with the headings of Alpaca and Guanaco. Text
 * before the first mark is the system prompt.
 * @returns undefined for a text without such marks, with a role that is unknown, or without a user turn and an answer's mark
 */
export function readChatTemplate(text: string, roles?: RoleNames): Turn[] | undefined {
  if (!MARKED.test(text)) return undefined;
  for (const template of TEMPLATES) {
    const turns = turnsOf(text, template, roles);
    if (turns !== undefined) return turns;
  }
  return undefined;
}

function turnsOf(text: string, { mark, roleAt }: ChatTemplate, own: RoleNames | undefined): Turn[] | undefined {
  const marks = [...text.matchAll(mark)];
  const [first] = marks;
  if (first === undefined) return undefined;
  const preamble = text.slice(0, first.index).replace(BEGINNING, '').trim();
  // Only Alpaca's and Baize's texts begin with a sentence about themselves.
  if (preamble !== '' && roleAt === undefined && !first[0].startsWith('[|')) return undefined;
  const turns: Turn[] = preamble === '' ? [] : [{ role: 'system', text: preamble }];
  let hasAnswer = false;
  for (const [index, found] of marks.entries()) {
    const role = roleAt?.(found[0]) ?? roleOf(found[1]!, own);
    if (role === undefined || role === 'call') return undefined;
    const said = text
      .slice(found.index + found[0].length, marks[index + 1]?.index)
      .replace(END_MARKS, '')
      .trim();
    if (role === 'assistant') hasAnswer = true;
    addTurn(turns, role, said);
  }
  return hasAnswer && turns.some(({ role }) => role === 'user') ? turns : undefined;
}

function addTurn(turns: Turn[], role: Turn['role'] | 'input', said: string): void {
  const last = turns.at(-1);
  if (role === 'input') {
    if (last?.role === 'user' && said !== '') turns[turns.length - 1] = { ...last, text: `${last.text}\n\n${said}` };
    return;
  }
  const [whole, system] = (role === 'user' && LLAMA_SYSTEM.exec(said)) || [];
  if (whole !== undefined && system !== '') turns.push({ role: 'system', text: system! });
  const text = whole === undefined ? said : said.slice(whole.length);
  // A mark at the end asks for an answer.
  if (text !== '' || role === 'user') turns.push({ role, text });
}
