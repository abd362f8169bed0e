import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { AnnotatorView } from './annotator-view.ts';
import { DeskError } from './desk-error.ts';
import type { DeskEntry, DeskIndex } from './desk-index.ts';
import { heldByNewcomers, NEWCOMER_HOLD_MS } from './held-by-newcomers.ts';
import { HOLD_MS } from './item-work.ts';

/** Names from one place. Those without a label may have a few items reserved between them. */
export interface Newcomers {
  /** For messages: "This browser". */
  readonly from: string;
  readonly names: ReadonlySet<string>;
  /** The most items. */
  readonly most: number;
}

/** The reservations of names that have not submitted a label. Call its methods in a transaction, with the index up to date. */
export class NewcomerHolds {
  readonly #index: DeskIndex;
  readonly #context: CampaignContext;

  constructor(index: DeskIndex, context: CampaignContext) {
    this.#index = index;
    this.#context = context;
  }

  /** Ends a newcomer's reservation of an item that is open for a person otherwise. @returns the item */
  release(annotator: string): DeskEntry | undefined {
    const { desk } = this.#context.state;
    const nowMs = this.#context.clock.now();
    const holds = desk.holds(nowMs);
    const labelers = this.#labelers();
    const releasable = heldByNewcomers(holds, { annotator, nowMs }, (name) => labelers.has(name));
    const others = holds.filter((hold) => !releasable.includes(hold));
    const without = new AnnotatorView(this.#index, annotator, [], others);
    const { entries } = this.#index.round(this.#index.lastRound);
    const open = new Map(entries.filter((entry) => without.isOpen(entry)).map((entry) => [entry.position, entry]));
    const released = releasable.find(({ position }) => open.has(position));
    if (released === undefined) return undefined;
    desk.dropHold(released.position, released.annotator);
    return open.get(released.position);
  }

  /** @throws DeskError TOO_MANY_HELD */
  checkRoom(entry: DeskEntry, annotator: string, newcomers: readonly Newcomers[]): void {
    const crowd = this.crowd(entry, annotator, newcomers);
    if (crowd === undefined) return;
    const { from, most } = crowd;
    throw new DeskError('TOO_MANY_HELD', `${from} has ${most} items reserved under names that have no label yet.`, {
      hint: 'Submit or release one of them, or try again in two minutes.',
      limit: most,
    });
  }

  /**
   * Where a name comes from, if no further item may be reserved from there; undefined where the name may reserve this
   * one. Items without activity for two minutes do not count: others can get them.
   */
  crowd({ position }: DeskEntry, annotator: string, newcomers: readonly Newcomers[]): Newcomers | undefined {
    const labelers = this.#labelers();
    if (newcomers.length === 0 || labelers.has(annotator)) return undefined;
    const nowMs = this.#context.clock.now();
    const active = this.#context.state.desk
      .holds(nowMs)
      .filter(({ ahead, untilMs }) => !ahead && untilMs - HOLD_MS + NEWCOMER_HOLD_MS > nowMs);
    if (active.some((hold) => hold.annotator === annotator && hold.position === position)) return undefined;
    const counted = active.filter((hold) => !labelers.has(hold.annotator));
    return newcomers.find(({ names, most }) => counted.filter((hold) => names.has(hold.annotator)).length >= most);
  }

  #labelers(): ReadonlySet<string | null> {
    return new Set(this.#index.annotations.map((label) => label.annotator));
  }
}
