import type { Instruction } from '../../../domain/instruction.ts';
import type { Query } from '../../../domain/selection.ts';
import { seededRandom } from '../../../math/random.ts';
import { earlierConversation } from '../../../models/earlier-conversation.ts';
import type { PromptTemplate } from '../../../models/prompt-template.ts';
import type { ChooseTask, LlmRequest, PromptCandidate } from '../../../models/providers/llm-client.ts';
import { shortenText } from '../../../models/shorten-text.ts';
import type { ShownItem } from './choice-form.ts';
import { choiceForm } from './choice-forms.ts';
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

/**
 * Builds the prompt of one vote on a query. Every vote shows the candidates in a different order with different ids, so
 * that neither the order nor a text that names an id can influence the choice. How it looks is up to the prompt's layout:
 * see `choiceForm`.
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
  const form = choiceForm(layout.template);
  const random = seededRandom(vote.seed, 'choose', query.number, vote.vote, vote.generation);
  const positions = random.shuffle(query.positions);
  const items = positions.map((position) => shortenedItem(instructions[position]!, layout, form.shownText));
  const ids = form.drawIds(items, random);
  const positionOfId = new Map(ids.map((id, index) => [id, positions[index]!]));
  const candidates = items.map((item, index): PromptCandidate => ({ id: ids[index]!, ...item }));
  const prompt = layout.template.render({
    count: String(query.picks),
    total: String(candidates.length),
    candidates: candidates.map((candidate) => form.candidateLine(candidate)).join('\n'),
  });
  const { perPick, beside } = form.outputTokens.most;
  return {
    request: {
      system: prompt.system,
      messages: [{ role: 'user', content: prompt.user }],
      schema: form.schema(ids, query.picks),
      maxOutputTokens: beside + perPick * query.picks + layout.reasoningTokens,
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
export function shortenedItem(item: Instruction, layout: PromptLayout, shownText: (text: string) => string): ShownItem {
  const countTokens = (text: string) => layout.countTokens(shownText(text));
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
