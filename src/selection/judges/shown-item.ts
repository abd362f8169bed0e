import type { Conversation } from '../../domain/conversation.ts';
import { earlierConversation } from '../../models/earlier-conversation.ts';
import { shortenText } from '../../models/shorten-text.ts';
import type { Criterion } from './criteria.ts';
import type { ItemForm } from './item-form.ts';
import type { JudgedItem } from './judge.ts';

/**
 * The item as a prompt shows it, so that no text can end its own place. Texts that the criterion does not judge are left
 * out. When the texts are too long together, short ones stay whole and long ones share the rest
 * evenly. Of a long conversation, whole turns are left out, the oldest first, where it would take more than half.
 * @param itemTokens most tokens the texts may have together, as they are shown
 * @param form how texts are shown
 * @throws TypeError when the criterion judges responses and there is none
 */
export function shownItem(
  item: JudgedItem,
  criterion: Criterion,
  itemTokens: number,
  countTokens: (text: string) => number,
  form: ItemForm,
): string {
  const { response } = item;
  const texts = itemTexts(item, itemTokens, countTokens, form);
  if (criterion.of === 'response') {
    if (response === undefined) throw new TypeError(`To judge ${criterion.name}, the instruction needs a response.`);
    texts.response = response;
  }
  return shownTexts(texts, itemTokens, countTokens, form);
}

/**
 * What is asked, by name: the earlier conversation in at most half of the tokens, see `earlierConversation`; the
 * instruction; the input. Instruction and input are whole.
 */
export function itemTexts(
  item: Conversation,
  itemTokens: number,
  countTokens: (text: string) => number,
  form: ItemForm,
): Record<string, string> {
  const countShown = (text: string) => countTokens(form.shownText(text));
  const earlier = earlierConversation(item, Math.floor(itemTokens / 2), countShown);
  return { ...earlier, instruction: item.instruction, ...(item.input === undefined ? {} : { input: item.input }) };
}

/** Texts by name, shortened as `shownItem` does. */
export function shownTexts(
  texts: Readonly<Record<string, string>>,
  itemTokens: number,
  countTokens: (text: string) => number,
  form: ItemForm,
): string {
  const countQuoted = (text: string) => countTokens(form.shownText(text));
  const names = Object.keys(texts);
  // Stops counting a text that would not even fit alone.
  const alone = names.map((name) => shortenedTo(texts[name]!, itemTokens, countQuoted));
  const wanted = alone.map(({ tokens }) => tokens);
  const shares = shareEvenly(wanted, itemTokens);
  const shortened = names.map((name, index) => {
    const fits = wanted[index]! <= shares[index]!;
    return [name, fits ? alone[index]!.text : shortenText(texts[name]!, shares[index]!, countQuoted)];
  });
  return form.shown(Object.fromEntries(shortened));
}

/** A shortened text with its number of tokens, which is the last count. */
function shortenedTo(
  text: string,
  maxTokens: number,
  countTokens: (text: string) => number,
): { readonly text: string; readonly tokens: number } {
  let tokens = 0;
  const shortened = shortenText(text, maxTokens, (part) => {
    tokens = countTokens(part);
    return tokens;
  });
  return { text: shortened, tokens };
}

/**
 * Shares `total` evenly: a text that needs less than an even share gets what it needs, and the others share the rest.
 * @returns whole numbers, in the order of `wanted`, with a sum of at most `total`
 */
function shareEvenly(wanted: readonly number[], total: number): number[] {
  const shares = wanted.map(() => 0);
  let left = total;
  const smallestFirst = [...wanted.keys()].sort((a, b) => wanted[a]! - wanted[b]!);
  smallestFirst.forEach((index, rank) => {
    shares[index] = Math.min(wanted[index]!, Math.floor(left / (wanted.length - rank)));
    left -= shares[index]!;
  });
  return shares;
}
