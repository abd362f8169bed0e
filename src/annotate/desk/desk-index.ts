import { assignedPeople } from '../../campaign/assigned-people.ts';
import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { draftsBefore } from '../../campaign/failures.ts';
import { itemQuestions } from '../../campaign/item-questions.ts';
import { termsByRound } from '../../campaign/label-price.ts';
import { type ItemLabel, labelsByPosition, peopleDone } from '../../campaign/label-views.ts';
import { peopleWanted } from '../../campaign/labeling-state.ts';
import { type LeadDecisions, leadDecisions, NO_DECISIONS, openRequests } from '../../campaign/lead-decisions.ts';
import type { Question } from '../../domain/questions.ts';
import type { HandedOut, RoundPlan } from '../../domain/round.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import type { LeadAction } from '../../store/lead-store.ts';
import { DeskError } from './desk-error.ts';
import type { FailingAnswer } from './desk-views.ts';

/** An item that was handed out, listed under the last round that did so. */
export interface DeskEntry extends HandedOut {
  /** How many people should answer it. */
  readonly peopleWanted: number;
  /** Who may be given it; empty for everyone. */
  readonly assignedTo: readonly string[];
}

export interface DeskRound {
  readonly plan: RoundPlan;
  /** In order of rank, without the items that a later round handed out again. */
  readonly entries: readonly DeskEntry[];
  /** How many items the round handed out, including those. */
  readonly handedOut: number;
  /** Whether the round still waits for labels. */
  readonly isWaiting: boolean;
}

const NO_LABELS: ItemLabel['byPerson'] = [];
const NO_PEOPLE: readonly (string | null)[] = [];

/**
 * All items that were handed out and all their labels, in memory. A request reads only what was added since the one
 * before, which takes microseconds when nothing was.
 */
export class DeskIndex {
  readonly #context: CampaignContext;
  #marks = { steps: -1, annotations: 0, actions: 0 };
  #decisions: LeadDecisions = NO_DECISIONS;
  #rounds = new Map<number, DeskRound>();
  #entries = new Map<number, DeskEntry>();
  /** In the order they were stored. */
  readonly #annotations: StoredAnnotation[] = [];
  readonly #annotationsAt = new Map<number, StoredAnnotation[]>();
  readonly #labels = new Map<number, ItemLabel>();
  /** Who has answered each item. */
  readonly #done = new Map<number, readonly (string | null)[]>();
  /** By round, then by position. The answers that a round was chosen by never change. */
  readonly #failingAnswers = new Map<number, ReadonlyMap<number, FailingAnswer>>();

  constructor(context: CampaignContext) {
    this.#context = context;
  }

  /**
   * Reads what was added since the last call. Do not call it in a transaction that has already written: the index
   * would keep rows that a rollback removes.
   */
  refresh(): void {
    const { state } = this.#context;
    const { steps, annotations, actions } = state.desk.marks();
    const isDecided = actions !== this.#marks.actions;
    if (isDecided) this.#decisions = leadDecisions(state.lead.actions());
    if (isDecided || steps !== this.#marks.steps) this.#readRounds();
    const added = annotations === this.#marks.annotations ? [] : state.labels.annotations(this.#marks.annotations);
    for (const annotation of added) this.#add(annotation);
    this.#group(isDecided ? this.#annotationsAt.keys() : added.map(({ position }) => position));
    // More may have been added during the reads.
    this.#marks = { steps, annotations: this.#annotations.at(-1)?.id ?? 0, actions };
  }

  /** Changes whenever something was added. */
  get version(): string {
    const { steps, annotations, actions } = this.#marks;
    return `${steps} ${annotations} ${actions}`;
  }

  /** Number of the last round that handed out items; 0 before the first one. */
  get lastRound(): number {
    return Math.max(0, ...this.#rounds.keys());
  }

  /** By position, for every item that has at least one label. */
  get labels(): ReadonlyMap<number, ItemLabel> {
    return this.#labels;
  }

  /** Every label that a person submitted, the ones that they changed later too. */
  get annotations(): readonly StoredAnnotation[] {
    return this.#annotations;
  }

  /** What leads decided. */
  get decisions(): LeadDecisions {
    return this.#decisions;
  }

  /** @throws DeskError NO_SUCH_ITEM */
  round(number: number): DeskRound {
    const round = this.#rounds.get(number);
    if (round !== undefined) return round;
    throw new DeskError('NO_SUCH_ITEM', `Round ${number} has no items.`, {
      hint: `Choose a round from 1 to ${this.lastRound}.`,
    });
  }

  /** @throws DeskError NO_SUCH_ITEM */
  entry(position: number): DeskEntry {
    const entry = this.#entries.get(position);
    if (entry !== undefined) return entry;
    throw new DeskError('NO_SUCH_ITEM', `There is no item ${position} to annotate.`, {
      hint: 'Choose an item from the list.',
    });
  }

  /** The latest label of each person for an item. */
  latestLabels({ position }: DeskEntry): readonly StoredAnnotation[] {
    return this.#labels.get(position)?.byPerson ?? NO_LABELS;
  }

  /** Who has answered an item, also where a lead dropped their work; null where a tool gave no name. */
  answeredBy({ position }: DeskEntry): readonly (string | null)[] {
    return this.#done.get(position) ?? NO_PEOPLE;
  }

  /** Whether a lead decided on the item, or enough people have answered it. */
  isComplete(entry: DeskEntry): boolean {
    if (this.#labels.get(entry.position)?.isDecided) return true;
    return this.answeredBy(entry).length >= entry.peopleWanted;
  }

  /** Whether the item is not complete, and its round still waits or a lead asked for more people. */
  needsLabels(entry: DeskEntry): boolean {
    const isAsked = this.#rounds.get(entry.round)!.isWaiting || this.#decisions.reopened.has(entry.position);
    return isAsked && !this.isComplete(entry);
  }

  /** The lead's request to a person to look at their label again; undefined where there is none or it is answered. */
  requestTo(entry: DeskEntry, annotator: string | null): LeadAction | undefined {
    return openRequests(entry.position, this.latestLabels(entry), this.#decisions).find(
      (request) => request.annotator === annotator,
    );
  }

  /** The items that a lead sent back to a person, in the order of the requests. */
  returnedTo(annotator: string | null): DeskEntry[] {
    return [...this.#decisions.sentBack.keys()].flatMap((position) => {
      const entry = this.#entries.get(position);
      return entry === undefined || this.requestTo(entry, annotator) === undefined ? [] : [entry];
    });
  }

  /** The items of earlier rounds for which a lead asked for more people. */
  reopened(): DeskEntry[] {
    return [...this.#decisions.reopened.keys()].flatMap((position) => {
      const entry = this.#entries.get(position);
      return entry === undefined || entry.round === this.lastRound ? [] : [entry];
    });
  }

  /** What an item asks beside the response. */
  questions(entry: DeskEntry): Question[] {
    const instruction = this.#context.instructions()[entry.position]!;
    return itemQuestions(this.#context.config.labels.questions, instruction, this.failingAnswer(entry)?.response);
  }

  /** The seed model's answer to an item of a necessity round; undefined in other rounds. */
  failingAnswer({ round, position }: DeskEntry): FailingAnswer | undefined {
    const answers = this.#failingAnswers.get(round) ?? this.#readFailingAnswers(round);
    this.#failingAnswers.set(round, answers);
    return answers.get(position);
  }

  #readFailingAnswers(round: number): ReadonlyMap<number, FailingAnswer> {
    const drafts = draftsBefore(this.#context, this.round(round).plan);
    return new Map(
      [...drafts].map(([position, { answer, answerModel, score, reason }]) => [
        position,
        { response: answer, model: answerModel, score, judgeReason: reason },
      ]),
    );
  }

  #readRounds(): void {
    const { state, config } = this.#context;
    const handedOut = state.rounds.handedOut();
    const plans = state.rounds.plans();
    const terms = termsByRound(plans, config.labels);
    const assigned = this.#assignments(handedOut);
    this.#entries = new Map(
      handedOut.map((item) => {
        const wanted = peopleWanted(item, terms(item.round), this.#decisions);
        const assignedTo = this.#decisions.assigned.get(item.position) ?? assigned.get(item) ?? [];
        return [item.position, { ...item, peopleWanted: wanted, assignedTo }];
      }),
    );
    const entries = new Map<number, DeskEntry[]>();
    const counts = new Map<number, number>();
    for (const { round, position } of handedOut) {
      counts.set(round, (counts.get(round) ?? 0) + 1);
      const entry = this.#entries.get(position)!;
      if (entry.round !== round) continue;
      const listed = entries.get(round) ?? [];
      listed.push(entry);
      entries.set(round, listed);
    }
    this.#rounds = new Map(
      [...counts].map(([number, count]) => [
        number,
        {
          plan: plans[number - 1]!,
          entries: entries.get(number) ?? [],
          handedOut: count,
          isWaiting: !state.rounds.isDone(number, 'wait-for-labels'),
        },
      ]),
    );
  }

  /** By what was handed out: each round is shared out by itself. */
  #assignments(handedOut: readonly HandedOut[]): ReadonlyMap<HandedOut, readonly string[]> {
    const { assign } = this.#context.config.labels;
    if (assign.length === 0) return new Map();
    const instructions = this.#context.instructions();
    const rounds = [...new Set(handedOut.map(({ round }) => round))];
    return new Map(
      rounds.flatMap((round) => {
        const items = handedOut.filter((item) => item.round === round);
        const people = assignedPeople(
          items.map(({ position }) => instructions[position]!),
          assign,
        );
        return items.map((item, index) => [item, people[index]!] as const);
      }),
    );
  }

  #add(annotation: StoredAnnotation): void {
    const known = this.#annotationsAt.get(annotation.position) ?? [];
    known.push(annotation);
    this.#annotationsAt.set(annotation.position, known);
    this.#annotations.push(annotation);
  }

  /** Groups the labels of items by person. */
  #group(positions: Iterable<number>): void {
    const changed = [...new Set(positions)];
    if (changed.length === 0) return;
    const annotations = changed.flatMap((position) => this.#annotationsAt.get(position)!);
    for (const position of changed) this.#labels.delete(position);
    const { winner } = this.#context.config.labels;
    for (const [position, label] of labelsByPosition(annotations, winner, this.#decisions)) {
      this.#labels.set(position, label);
    }
    for (const [position, people] of peopleDone(annotations, this.#decisions)) {
      this.#done.set(position, [...people.values()]);
    }
  }
}
