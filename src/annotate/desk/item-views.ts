import { HIDDEN_REASON, hidesReasons } from '../../campaign/hidden-reason.ts';
import { conversationText, speakerOf, spokenText, type Turn } from '../../domain/conversation.ts';
import type { Instruction, JsonObject } from '../../domain/instruction.ts';
import type { ShownField } from '../../domain/label.ts';
import type { Question } from '../../domain/questions.ts';
import { excerpt } from '../../text/excerpt.ts';
import type { AnnotatorView } from './annotator-view.ts';
import type { DeskEntry, DeskIndex, DeskRound } from './desk-index.ts';
import {
  type DeskConversation,
  type DeskItem,
  type FailingAnswer,
  ITEM_FILTERS,
  type ItemFilter,
  type ItemList,
  type ItemState,
  type ItemText,
  type Writing,
} from './desk-views.ts';

/** A whole item as one person sees it. */
export function deskItem(
  index: DeskIndex,
  entry: DeskEntry,
  view: AnnotatorView,
  details: {
    readonly instruction: Instruction;
    readonly fields: readonly ShownField[];
    readonly failingAnswer: FailingAnswer | null;
    readonly questions: readonly Question[];
    readonly writing: Writing;
    readonly heldUntilMs: number | null;
  },
): DeskItem {
  const { entries, handedOut, plan } = index.round(entry.round);
  const { instruction, ...rest } = details;
  const at = entries.indexOf(entry);
  const peopleDone = index.answeredBy(entry).length;
  const request = index.requestTo(entry, view.annotator);
  return {
    number: entry.position,
    round: entry.round,
    rank: entry.rank,
    of: handedOut,
    ...itemText(instruction),
    reason: hidesReasons(plan) ? HIDDEN_REASON : entry.reason,
    ...rest,
    state: view.stateOf(entry),
    heldBy: view.heldBy(entry),
    request: request === undefined ? null : { by: request.by, comment: request.comment ?? '', atMs: request.atMs },
    verdict: view.ownLabel(entry)?.verdict ?? null,
    // A finished round needs no more people.
    peopleWanted: index.needsLabels(entry) ? entry.peopleWanted : peopleDone,
    peopleDone,
    previous: entries[at - 1]?.position ?? null,
    next: entries[at + 1]?.position ?? null,
  };
}

/** What was asked. */
export function itemText(item: Instruction): ItemText {
  return {
    id: item.id,
    instruction: item.instruction,
    input: item.input ?? null,
    isMarkdown: isMarkdown(item.record),
    conversation: deskConversation(item),
  };
}

/** Fields by which records say what their texts are, as data sets and chat logs name them. */
const FORMAT_FIELDS = ['format', 'text_format', 'content_type', 'contentType', 'mime_type'];
const MARKDOWN = /^(?:text\/)?(?:x-)?(?:markdown|md|gfm)(?:;.*)?$/i;

function isMarkdown(record: JsonObject): boolean {
  return FORMAT_FIELDS.some((field) => {
    const value = Object.hasOwn(record, field) ? record[field] : undefined;
    return typeof value === 'string' && MARKDOWN.test(value.trim());
  });
}

function deskConversation({ context }: Instruction): DeskConversation {
  const deskTurn = (turn: Turn) => ({
    speaker: speakerOf(turn),
    isSetting: turn.role === 'system',
    text: spokenText(turn),
  });
  const { before = [], after = [], tools } = context ?? {};
  const toolsText = typeof tools === 'string' ? tools : JSON.stringify(tools, null, 2);
  const toolsTurn = { speaker: 'Tools', isSetting: true, text: toolsText };
  return {
    before: [...(tools === undefined ? [] : [toolsTurn]), ...before.map(deskTurn)],
    after: after.map(deskTurn),
  };
}

export interface ListQuery {
  /** Default: the last round. */
  readonly round?: number | undefined;
  readonly filter: ItemFilter;
  /** Part of the conversation, the input or the id, ignoring case; empty for all items. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** The items of a round that match a filter and a search, in order of rank. A search costs O(characters of the round). */
export function itemList(
  { plan, entries }: DeskRound,
  { filter, search, offset, limit }: ListQuery,
  view: AnnotatorView,
  instructionAt: (position: number) => Instruction,
): ItemList {
  const counts = { all: 0, open: 0, mine: 0, skipped: 0, done: 0 };
  const matches = matcher(search);
  const found: { entry: DeskEntry; state: ItemState }[] = [];
  for (const entry of entries) {
    const state = view.stateOf(entry);
    const filters = ITEM_FILTERS.filter((one) => passes(one, state, view.hasDraft(entry)));
    for (const one of filters) counts[one] += 1;
    if (filters.includes(filter) && matches(instructionAt(entry.position))) found.push({ entry, state });
  }
  return {
    round: plan.number,
    items: found.slice(offset, offset + limit).map(({ entry, state }) => ({
      number: entry.position,
      rank: entry.rank,
      excerpt: itemExcerpt(instructionAt(entry.position)),
      state,
      heldBy: view.heldBy(entry),
    })),
    total: found.length,
    offset,
    counts,
  };
}

function passes(filter: ItemFilter, state: ItemState, hasDraft: boolean): boolean {
  const isDone = state === 'answered' || state === 'rejected';
  switch (filter) {
    case 'all':
      return true;
    case 'open':
      return state === 'open' || state === 'draft' || state === 'returned';
    case 'mine':
      return isDone || state === 'skipped' || state === 'returned' || hasDraft;
    case 'skipped':
      return state === 'skipped';
    case 'done':
      return isDone;
  }
}

/** @returns whether an item, or one of the other texts, contains the search */
export function matcher(search: string): (instruction: Instruction, others?: readonly string[]) => boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return () => true;
  const includes = (text: string) => text.toLowerCase().includes(wanted);
  return (item, others = []) => includes(conversationText(item)) || includes(item.id) || others.some(includes);
}

const LONGEST_EXCERPT = 140;

/** The start of an instruction, on one line. */
export function itemExcerpt({ instruction }: Instruction): string {
  return excerpt(instruction, LONGEST_EXCERPT);
}
