import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { isDropped, openRequests } from '../../campaign/lead-decisions.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import type { DeskEntry, DeskIndex } from './desk-index.ts';
import { UNNAMED } from './desk-views.ts';
import { itemExcerpt, itemText, matcher } from './item-views.ts';
import type { LabelFilter, LabelLine, LabelList, LeadEvent, LeadItem, LeadLabel } from './lead-views.ts';

/** Which items to list: a label of the item has the verdict, is by the person and is doubtful. */
export interface LabelQuery {
  readonly round?: number | undefined;
  readonly verdict: LabelFilter;
  /** Or `UNNAMED`. */
  readonly person?: string | undefined;
  /** Only what a person doubts. */
  readonly doubtful: boolean;
  /** Part of the conversation, the id, a response, a reason or a note, ignoring case. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** All items that were handed out, with their labels, for the lead. */
export class LabelBrowser {
  readonly #index: DeskIndex;
  readonly #context: CampaignContext;

  constructor(index: DeskIndex, context: CampaignContext) {
    this.#index = index;
    this.#context = context;
  }

  /** One page of the items that match. A search costs O(characters of the items and labels). */
  list({ round, search, offset, limit, ...query }: LabelQuery): LabelList {
    this.#index.refresh();
    const instructions = this.#context.instructions();
    const matches = matcher(search);
    const rounds = Array.from({ length: this.#index.lastRound }, (_, index) => index + 1);
    const found = (round === undefined ? rounds : [round])
      .flatMap((number) => this.#index.round(number).entries)
      .filter((entry) => {
        const labels = this.#index.latestLabels(entry);
        return hasLabel(labels, query) && matches(instructions[entry.position]!, labels.flatMap(textsOf));
      });
    const labels = [...this.#index.labels.values()].flatMap(({ byPerson }) => byPerson);
    return {
      items: found.slice(offset, offset + limit).map((entry) => this.#line(entry)),
      total: found.length,
      offset,
      before: found[offset - 1]?.position ?? null,
      after: found[offset + limit]?.position ?? null,
      people: [...new Set(labels.map(nameOf))].sort(),
      rounds: rounds.length,
    };
  }

  /** @throws DeskError NO_SUCH_ITEM */
  item(number: number): LeadItem {
    this.#index.refresh();
    const entry = this.#index.entry(number);
    const { position, round, rank, reason, peopleWanted, assignedTo } = entry;
    const instruction = this.#context.instructions()[position]!;
    return {
      ...itemText(instruction),
      number: position,
      round,
      rank,
      of: this.#index.round(round).handedOut,
      reason,
      failingAnswer: this.#index.failingAnswer(entry) ?? null,
      peopleWanted,
      assignedTo,
      labels: this.#labels(entry),
      ...this.#decisions(entry),
      people: this.#context.state.people.names(),
    };
  }

  #line(entry: DeskEntry): LabelLine {
    const { position, round, rank } = entry;
    const labels = this.#index.latestLabels(entry);
    return {
      number: position,
      round,
      rank,
      excerpt: itemExcerpt(this.#context.instructions()[position]!),
      state: this.#index.labels.get(position)?.state ?? 'none',
      people: labels.map(nameOf),
      isDoubtful: labels.some(({ doubtful }) => doubtful === true),
    };
  }

  #decisions(entry: DeskEntry): Pick<LeadItem, 'events' | 'decision' | 'requests' | 'isComplete' | 'isReopened'> {
    const { position } = entry;
    const { decisions } = this.#index;
    const decided = this.#index.labels.get(position)?.isDecided ? decisions.decided.get(position) : undefined;
    const isComplete = this.#index.isComplete(entry);
    return {
      events: this.#context.state.lead.actionsOf(position).map(
        ({ id, kind, by, annotator, comment, details, atMs }): LeadEvent => ({
          id,
          kind: kind as LeadEvent['kind'],
          by,
          annotator,
          comment,
          to: details.to ?? [],
          atMs,
        }),
      ),
      decision: decided === undefined ? null : { by: decided.by, atMs: decided.atMs },
      requests: openRequests(position, this.#index.latestLabels(entry), decisions).map(({ annotator, comment }) => ({
        annotator: annotator ?? UNNAMED,
        comment: comment ?? '',
      })),
      isComplete,
      isReopened: decisions.reopened.has(position) && !isComplete,
    };
  }

  #labels(entry: DeskEntry): LeadLabel[] {
    const { state } = this.#context;
    const { written } = this.#index.decisions;
    const followed = state.guidelines.followed();
    const latest = new Set(this.#index.latestLabels(entry).map(({ id }) => id));
    const winner = this.#index.labels.get(entry.position)?.winner.id;
    return state.labels.annotationsOf(entry.position).map((label) => ({
      id: label.id,
      annotator: nameOf(label),
      verdict: label.verdict,
      response: label.response,
      comment: label.comment ?? null,
      note: label.note ?? null,
      answers: label.answers ?? {},
      isDoubtful: label.doubtful ?? false,
      seconds: label.seconds,
      submittedAtMs: label.submittedAtMs,
      costMicroUsd: label.costMicroUsd,
      guidelines: followed.get(label.id) ?? null,
      isLatest: latest.has(label.id),
      counts: label.id === winner,
      isByLead: written.has(label.id),
      isDropped: isDropped(label, this.#index.decisions),
    }));
  }
}

function hasLabel(
  labels: readonly StoredAnnotation[],
  { verdict, person, doubtful }: Pick<LabelQuery, 'verdict' | 'person' | 'doubtful'>,
): boolean {
  if (verdict === 'none') return labels.length === 0 && person === undefined && !doubtful;
  if (verdict === 'all' && person === undefined && !doubtful) return true;
  return labels.some(
    (label) =>
      (verdict === 'all' || label.verdict === verdict) &&
      (person === undefined || nameOf(label) === person) &&
      (!doubtful || label.doubtful === true),
  );
}

function textsOf({ response, comment, note }: StoredAnnotation): string[] {
  return [response, comment, note].flatMap((text) => (text == null ? [] : [text]));
}

function nameOf({ annotator }: StoredAnnotation): string {
  return annotator ?? UNNAMED;
}
