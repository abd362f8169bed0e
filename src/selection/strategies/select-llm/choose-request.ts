import { z } from 'zod';
import { ReplyError } from '../../../domain/errors.ts';
import type { Instruction } from '../../../domain/instruction.ts';
import type { Query } from '../../../domain/selection.ts';
import { seededRandom } from '../../../math/random.ts';
import { earlierConversation } from '../../../models/earlier-conversation.ts';
import type { PromptTemplate } from '../../../models/prompt-template.ts';
import type { ChooseTask, LlmRequest, PromptCandidate } from '../../../models/providers/llm-client.ts';
import { readJsonReply } from '../../../models/read-json-reply.ts';
import { shortenText } from '../../../models/shorten-text.ts';
import type { QueryGains } from './pool-coverage.ts';

/** A prompt, and the positions of its opaque ids. */
export interface ChooseRequest {
  readonly request: LlmRequest;
  readonly positionOfId: ReadonlyMap<string, number>;
}

export interface PromptLayout {
  readonly template: PromptTemplate;
  /** Most tokens one candidate may take. */
  readonly itemTokens: number;
  readonly countTokens: (text: string) => number;
  /** Extra room for models that reason before they answer. */
  readonly reasoningTokens: number;
}

/** Letters and digits that do not look similar. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const ID_LENGTH = 4;
const OUTPUT_TOKENS_PER_PICK = 60;
const OUTPUT_TOKENS_BESIDE = 60;

/**
 * Builds the prompt of one vote on a query. Every vote shows the candidates in a different order with different ids, so
 * that neither the order nor a text that names an id can influence the choice. Candidates are JSON lines: no text can end
 * its own quotation.
 */
export function chooseRequest(
  instructions: readonly Instruction[],
  query: Query,
  vote: {
    readonly seed: number;
    readonly vote: number;
    readonly generation: number;
    /** For an asker that uses coverage. */
    readonly gains?: QueryGains | undefined;
  },
  layout: PromptLayout,
): ChooseRequest {
  const random = seededRandom(vote.seed, 'choose', query.number, vote.vote, vote.generation);
  const positionOfId = new Map<string, number>();
  const candidates = random.shuffle(query.positions).map((position): PromptCandidate => {
    let id: string;
    do {
      id = Array.from({ length: ID_LENGTH }, () => ALPHABET[random.below(ALPHABET.length)]).join('');
    } while (positionOfId.has(id));
    positionOfId.set(id, position);
    return { id, ...shortenedItem(instructions[position]!, layout) };
  });
  const prompt = layout.template.render({
    count: String(query.picks),
    total: String(candidates.length),
    candidates: candidates.map((candidate) => JSON.stringify(candidate)).join('\n'),
  });
  return {
    request: {
      system: prompt.system,
      messages: [{ role: 'user', content: prompt.user }],
      schema: {
        name: 'choice',
        definition: choiceSchema,
        bounded: boundedChoiceSchema([...positionOfId.keys()], query.picks),
      },
      maxOutputTokens: OUTPUT_TOKENS_BESIDE + OUTPUT_TOKENS_PER_PICK * query.picks + layout.reasoningTokens,
      temperature: 0,
      task: {
        kind: 'choose',
        candidates,
        count: query.picks,
        ...(vote.gains ? { gains: gainsById(vote.gains, positionOfId) } : {}),
      },
    },
    positionOfId,
  };
}

function gainsById(gains: QueryGains, positionOfId: ReadonlyMap<string, number>): NonNullable<ChooseTask['gains']> {
  const idOf = new Map([...positionOfId].map(([id, position]) => [position, id]));
  return (chosen) => {
    const after = gains(chosen.map((id) => positionOfId.get(id)!));
    return new Map([...after].map(([position, gain]) => [idOf.get(position)!, gain]));
  };
}

/**
 * The earlier conversation takes half of the room at most. Of the rest the instruction gets its part first, since it
 * explains the input.
 */
function shortenedItem(item: Instruction, layout: PromptLayout): Omit<PromptCandidate, 'id'> {
  const countTokens = (text: string) => layout.countTokens(JSON.stringify(text));
  const earlier = earlierConversation(item, Math.floor(layout.itemTokens / 2), countTokens);
  const itemTokens = layout.itemTokens - countTokens(earlier.earlier_conversation ?? '');
  return { ...earlier, ...shortenedRequest(item, itemTokens, countTokens) };
}

function shortenedRequest(
  item: Instruction,
  itemTokens: number,
  countTokens: (text: string) => number,
): Pick<PromptCandidate, 'instruction' | 'input'> {
  if (item.input === undefined) return { instruction: shortenText(item.instruction, itemTokens, countTokens) };
  const inputFloor = Math.floor(itemTokens / 4);
  const instruction = shortenText(item.instruction, itemTokens - inputFloor, countTokens);
  const input = shortenText(item.input, Math.max(inputFloor, itemTokens - countTokens(instruction)), countTokens);
  return { instruction, input };
}

/** The form of the LLM's answer: the chosen ids, best first. The same for every query, so that providers can cache it. */
export const choiceSchema = z.object({
  choices: z.array(z.object({ id: z.string(), reason: z.string() })),
});

/** The same, where a server can hold a model to the ids and the number of choices. Small models need that. */
function boundedChoiceSchema(ids: readonly string[], count: number): z.ZodType {
  return z.object({ choices: z.array(z.object({ id: z.enum(ids), reason: z.string() })).length(count) });
}

export interface Choice {
  readonly id: string;
  readonly reason: string;
}

const MAX_REASON_LENGTH = 300;

/**
 * Reads a reply strictly: it must contain exactly `count` distinct ids of this prompt. The JSON may be inside a code fence
 * or prose; it is never guessed or completed.
 * Source: SelectLLM's reference code picks candidates #2…#m+1 when it cannot read a reply; we ask again.
 * @throws ReplyError with the problem, in words the model can act on
 */
export function parseChoice(text: string, ids: ReadonlySet<string>, count: number): Choice[] {
  return readJsonReply(text, (value) => readChoices(value, ids, count));
}

function readChoices(value: unknown, ids: ReadonlySet<string>, count: number): Choice[] {
  const parsed = choiceSchema.safeParse(value);
  if (!parsed.success) {
    throw new ReplyError(`it is not of the form {"choices": [{"id": "…", "reason": "…"}]}.`);
  }
  const { choices } = parsed.data;
  const unknown = choices.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
  if (unknown.length > 0) {
    const names = unknown.slice(0, 5).map((id) => JSON.stringify(id.slice(0, 40)));
    throw new ReplyError(
      `${names.join(', ')} ${unknown.length === 1 ? 'is not the id' : 'are not ids'} of a candidate.`,
    );
  }
  const seen = new Set<string>();
  const repeated = choices.find(({ id }) => seen.size === seen.add(id).size);
  if (repeated) throw new ReplyError(`the id "${repeated.id}" is chosen more than once.`);
  if (choices.length !== count) {
    throw new ReplyError(`it has ${choices.length} choices where exactly ${count} are asked for.`);
  }
  return choices.map(({ id, reason }) => ({ id, reason: reason.trim().slice(0, MAX_REASON_LENGTH).toWellFormed() }));
}
