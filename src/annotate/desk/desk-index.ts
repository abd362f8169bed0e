import { assignedPeople } from '../../campaign/assigned-people.ts';
import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { draftsBefore } from '../../campaign/failures.ts';
import { peopleFor, termsByRound } from '../../campaign/label-price.ts';
import { type ItemLabel, labelsByPosition } from '../../campaign/label-views.ts';
import type { HandedOut, RoundPlan } from '../../domain/round.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
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

/**
 * All items that were handed out and all their labels, in memory. A request reads only what was added since the one
 * before, which takes microseconds when nothing was.
 */
export class DeskIndex {
  readonly #context: CampaignContext;
  #marks = { steps: -1, annotations: 0 };
  #rounds = new Map<number, DeskRound>();
  #entries = new Map<number, DeskEntry>();
  /** In the order they were stored. */
  readonly #annotations: StoredAnnotation[] = [];
  readonly #annotationsAt = new Map<number, StoredAnnotation[]>();
  readonly #labels = new Map<number, ItemLabel>();
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
    const { steps, annotations } = state.desk.marks();
    if (steps !== this.#marks.steps) this.#readRounds();
    if (annotations !== this.#marks.annotations) this.#add(state.labels.annotations(this.#marks.annotations));
    // More may have been added during the reads.
    this.#marks = { steps, annotations: this.#annotations.at(-1)?.id ?? 0 };
  }

  /** Changes whenever something was added. */
  get version(): string {
    return `${this.#marks.steps} ${this.#marks.annotations}`;
  }

  /** Number of the last round that handed out items; 0 before the first one. */
  get lastRound(): number {
    return Math.max(0, ...this.#rounds.keys());
  }

  /** By position, for every item that has at least one label. */
  get labels(): ReadonlyMap<number, ItemLabel> {
    return this.#labels;
  }

  get annotations(): readonly StoredAnnotation[] {
    return this.#annotations;
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

  /** Whether the item's round still waits and not enough people have labeled the item. */
  needsLabels(entry: DeskEntry): boolean {
    return this.#rounds.get(entry.round)!.isWaiting && this.latestLabels(entry).length < entry.peopleWanted;
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
        const peopleWanted = peopleFor(terms(item.round), item.rank);
        return [item.position, { ...item, peopleWanted, assignedTo: assigned.get(item) ?? [] }];
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

  #add(annotations: readonly StoredAnnotation[]): void {
    const changed = new Set<number>();
    for (const annotation of annotations) {
      const known = this.#annotationsAt.get(annotation.position) ?? [];
      known.push(annotation);
      this.#annotationsAt.set(annotation.position, known);
      this.#annotations.push(annotation);
      changed.add(annotation.position);
    }
    const { winner } = this.#context.config.labels;
    const ofChanged = [...changed].flatMap((position) => this.#annotationsAt.get(position)!);
    for (const [position, label] of labelsByPosition(ofChanged, winner)) this.#labels.set(position, label);
  }
}
