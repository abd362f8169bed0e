import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { peopleFor } from '../../campaign/label-price.ts';
import { type ItemLabel, labelsByPosition } from '../../campaign/label-views.ts';
import type { HandedOut, RoundPlan } from '../../domain/round.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import { DeskError } from './desk-error.ts';

/** An item that was handed out, under the round that did so last. */
export interface DeskEntry extends HandedOut {
  /** How many people are to answer it. */
  readonly peopleWanted: number;
}

export interface DeskRound {
  readonly plan: RoundPlan;
  /** In order of rank, but for those that a later round handed out again. */
  readonly entries: readonly DeskEntry[];
  /** How many it handed out, those among them. */
  readonly handedOut: number;
  /** Whether it still waits for labels. */
  readonly isWaiting: boolean;
}

const NOTHING_SAID: ItemLabel['byPerson'] = [];

/**
 * What was handed out and what people said of it, kept in memory: a request reads only what was added since the one
 * before, a few microseconds where that is nothing.
 */
export class DeskIndex {
  readonly #context: CampaignContext;
  #marks = { steps: -1, annotations: 0 };
  #rounds = new Map<number, DeskRound>();
  #entries = new Map<number, DeskEntry>();
  /** In the order they were taken in. */
  readonly #annotations: StoredAnnotation[] = [];
  readonly #saidOf = new Map<number, StoredAnnotation[]>();
  readonly #labels = new Map<number, ItemLabel>();

  constructor(context: CampaignContext) {
    this.#context = context;
  }

  /**
   * Takes in what has come since the last time. Must not be called in a transaction after it has written: what is taken
   * in is kept, also where the transaction is given up.
   */
  refresh(): void {
    const { state } = this.#context;
    const { steps, annotations } = state.desk.marks();
    if (steps !== this.#marks.steps) this.#readRounds();
    if (annotations !== this.#marks.annotations) this.#take(state.labels.annotations(this.#marks.annotations));
    // More may have come while these were read.
    this.#marks = { steps, annotations: this.#annotations.at(-1)?.id ?? 0 };
  }

  /** Alike as long as nothing has come. */
  get version(): string {
    return `${this.#marks.steps} ${this.#marks.annotations}`;
  }

  /** Number of the last round that handed anything out; 0 where none has. */
  get lastRound(): number {
    return Math.max(0, ...this.#rounds.keys());
  }

  /** By number; in order. */
  get rounds(): ReadonlyMap<number, DeskRound> {
    return this.#rounds;
  }

  /** Of items that somebody said something of. */
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
    throw new DeskError('NO_SUCH_ITEM', `Round ${number} has handed nothing out.`, {
      hint: `Ask for a round from 1 to ${this.lastRound}.`,
    });
  }

  /** @throws DeskError NO_SUCH_ITEM */
  entry(position: number): DeskEntry {
    const entry = this.#entries.get(position);
    if (entry !== undefined) return entry;
    throw new DeskError('NO_SUCH_ITEM', `There is no item ${position} to annotate.`, {
      hint: 'Choose one from the list.',
    });
  }

  /** Everybody's last word on an item. */
  wordsOn({ position }: DeskEntry): readonly StoredAnnotation[] {
    return this.#labels.get(position)?.byPerson ?? NOTHING_SAID;
  }

  /** Whether somebody's answer is still to come: its round waits, and not everybody who is to answer has. */
  isAwaited(entry: DeskEntry): boolean {
    return this.#rounds.get(entry.round)!.isWaiting && this.wordsOn(entry).length < entry.peopleWanted;
  }

  #readRounds(): void {
    const { state, config } = this.#context;
    const handedOut = state.rounds.handedOut();
    this.#entries = new Map(
      handedOut.map((item) => [item.position, { ...item, peopleWanted: peopleFor(config.labels, item.rank) }]),
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
    const plans = state.rounds.plans();
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

  #take(annotations: readonly StoredAnnotation[]): void {
    const changed = new Set<number>();
    for (const annotation of annotations) {
      const said = this.#saidOf.get(annotation.position) ?? [];
      said.push(annotation);
      this.#saidOf.set(annotation.position, said);
      this.#annotations.push(annotation);
      changed.add(annotation.position);
    }
    const { winner } = this.#context.config.labels;
    const said = [...changed].flatMap((position) => this.#saidOf.get(position)!);
    for (const [position, label] of labelsByPosition(said, winner)) this.#labels.set(position, label);
  }
}
