import { basename } from 'node:path';
import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { StepError } from '../../domain/errors.ts';
import { type CampaignOptions, openContext } from '../../runs/campaign/open-context.ts';
import { annotatorName } from './annotator-name.ts';
import { nextItem, Standpoint } from './annotator-view.ts';
import { DeskError } from './desk-error.ts';
import { type DeskEntry, DeskIndex } from './desk-index.ts';
import { deskProgress, type LabelMoney } from './desk-progress.ts';
import type { DeskItem, DeskProgress, ItemList, Oversight, Writing } from './desk-views.ts';
import { FailingAnswers } from './failing-answers.ts';
import { deskItem, itemList, type ListQuery } from './item-views.ts';
import { ItemWork } from './item-work.ts';
import { assertComplete, type Draft, keepable, type LabelForm } from './label-form.ts';
import { Overseer } from './lead-view.ts';

/**
 * Hands out what a campaign chose, keeps what people write and takes in what they submit. Stands beside whoever owns
 * the campaign, other desks among them: every change is one transaction that reads what it decides by.
 *
 * Items are called by their position. Every method that names an annotator throws DeskError NAME_MISSING, NAME_TOO_LONG
 * and NAME_UNUSABLE, and every one that names an item or a round NO_SUCH_ITEM.
 */
export class AnnotationDesk {
  readonly #context: CampaignContext & { close(): Promise<void> };
  readonly #index: DeskIndex;
  readonly #failingAnswers: FailingAnswers;
  readonly #overseer: Overseer;
  #money: { readonly version: string; readonly money: LabelMoney } | undefined;

  constructor(context: CampaignContext & { close(): Promise<void> }) {
    this.#context = context;
    this.#index = new DeskIndex(context);
    this.#failingAnswers = new FailingAnswers(context);
    this.#overseer = new Overseer(this.#index, this.#failingAnswers, context);
  }

  /** The campaign's name: that of its folder. */
  get campaign(): string {
    return basename(this.#context.folder);
  }

  /** Tells it from every other campaign, one of the same name and the same pool among them. */
  get key(): string {
    return this.#context.state.key;
  }

  /** The last round that handed anything out; 0 where none has. */
  round(): number {
    this.#index.refresh();
    return this.#index.lastRound;
  }

  /** Some of a round's items, as they stand for a person. */
  list(annotator: string, query: ListQuery): ItemList {
    const standpoint = this.#standpoint(annotatorName(annotator));
    const round = this.#index.round(query.round ?? this.#index.lastRound);
    const instructions = this.#context.instructions();
    return itemList(round, query, standpoint, (position) => instructions[position]!);
  }

  /**
   * Gives a person the next item of the last round, and holds it for them; null where none is left for them.
   * @param options.after number of the item they come from: its successors come first. Without it what they are at
   *   work on already does.
   */
  next(annotator: string, { after }: { readonly after?: number | undefined } = {}): DeskItem | null {
    const name = annotatorName(annotator);
    const entry = this.#context.state.transaction(() => {
      const standpoint = this.#standpoint(name);
      const found = nextItem(this.#index.round(this.#index.lastRound).entries, {
        after,
        isOpen: (candidate) => standpoint.isOpen(candidate),
        isUnderWay: (candidate) => standpoint.isUnderWay(candidate),
      });
      if (found !== undefined) this.#work(found, standpoint, name).hold();
      return found;
    });
    return entry === undefined ? null : this.#view(entry, name);
  }

  /** Shows an item, and holds it where it is theirs to take. */
  open(annotator: string, number: number): DeskItem {
    const name = annotatorName(annotator);
    const entry = this.#context.state.transaction(() => {
      const standpoint = this.#standpoint(name);
      const found = this.#index.entry(number);
      const isOfUse = standpoint.stateOf(found) !== 'complete';
      if (isOfUse && standpoint.isTheirs(found)) this.#work(found, standpoint, name).hold();
      return found;
    });
    return this.#view(entry, name);
  }

  /**
   * Keeps what a person has written, and holds the item for them where it is theirs. Text that is there already changes
   * nothing but the time.
   * @returns what is kept, and until when the item is held; null where it is not theirs
   * @throws DeskError CONFLICT where it was changed since the revision it was made from; TOO_LONG
   */
  save(annotator: string, number: number, given: Draft): { writing: Writing; heldUntilMs: number | null } {
    const name = annotatorName(annotator);
    const draft = keepable(given);
    return this.#context.state.transaction(() => {
      const standpoint = this.#standpoint(name);
      const entry = this.#index.entry(number);
      const work = this.#work(entry, standpoint, name);
      return { writing: work.keep(draft), heldUntilMs: standpoint.isTheirs(entry) ? work.hold() : null };
    });
  }

  /**
   * Takes in what a person says of an item, as an import would, and lets go of it. The same again changes nothing.
   * @throws DeskError EMPTY_RESPONSE, COMMENT_MISSING, TOO_LONG; CONFLICT where it was changed since the revision it was
   *   made from; TAKEN where it is no longer theirs, and then what they wrote is kept
   */
  submit(annotator: string, number: number, given: LabelForm): DeskItem {
    const name = annotatorName(annotator);
    const form = keepable(given);
    assertComplete(form);
    const { entry, taken } = this.#context.state.transaction(() => {
      const standpoint = this.#standpoint(name);
      const found = this.#index.entry(number);
      const work = this.#work(found, standpoint, name);
      if (!standpoint.isTheirs(found)) return { entry: found, taken: work.keep(form) };
      work.submit(form);
      work.release();
      return { entry: found, taken: undefined };
    });
    if (taken === undefined) return this.#view(entry, name);
    throw new DeskError('TAKEN', 'Others have this item now; what you wrote is kept.', {
      hint: 'Go on with another one.',
      writing: taken,
    });
  }

  /** Lets others have an item. */
  release(annotator: string, number: number): void {
    const name = annotatorName(annotator);
    this.#index.refresh();
    const { position } = this.#index.entry(number);
    this.#context.state.transaction(() => this.#context.state.desk.dropHold(position, name));
  }

  /**
   * How far a round is, and a person's share in it.
   * @param annotator null for somebody who has done nothing yet
   * @param round default: the last one
   */
  progress(annotator: string | null, round?: number): DeskProgress {
    const standpoint = this.#standpoint(annotator === null ? null : annotatorName(annotator));
    const { desk } = this.#context.state;
    const atWork = [...new Set(desk.holds(this.#now()).map((hold) => hold.annotator))].sort();
    return deskProgress(this.#index, round ?? this.#index.lastRound, standpoint, { money: this.#labelMoney(), atWork });
  }

  /** Who did what, how alike they answer, and what somebody should look at again. Everybody's words are in it. */
  oversight(): Oversight {
    return { progress: this.progress(null), ...this.#overseer.look() };
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  #now(): number {
    return this.#context.clock.now();
  }

  #standpoint(name: string | null): Standpoint {
    this.#index.refresh();
    const { desk } = this.#context.state;
    const begun = name === null ? [] : desk.begun(name).map(({ position }) => position);
    return new Standpoint(this.#index, name, begun, desk.holds(this.#now()));
  }

  #work(entry: DeskEntry, standpoint: Standpoint, annotator: string): ItemWork {
    return new ItemWork(this.#context, entry.position, { annotator, ownWord: standpoint.ownWord(entry) });
  }

  #view(entry: DeskEntry, name: string): DeskItem {
    const standpoint = this.#standpoint(name);
    const { writing, heldUntilMs } = this.#work(entry, standpoint, name);
    return deskItem(this.#index, entry, standpoint, {
      instruction: this.#context.instructions()[entry.position]!,
      failingAnswer: this.#failingAnswers.ofRound(entry.round).get(entry.position) ?? null,
      writing,
      heldUntilMs,
    });
  }

  /** Moves only with what the index knows of. */
  #labelMoney(): LabelMoney {
    const { version } = this.#index;
    if (this.#money?.version !== version) {
      const { settledMicroUsd, reservedMicroUsd } = this.#context.state.ledger.expenses.totals('labels');
      const capMicroUsd = this.#context.config.budget.labelUsd ?? null;
      this.#money = { version, money: { spentMicroUsd: settledMicroUsd, reservedMicroUsd, capMicroUsd } };
    }
    return this.#money.money;
  }
}

/**
 * Opens the desk of the campaign in a folder, beside whoever is at work on it. Needs no key.
 * @throws ConfigError, StateError; StepError where nothing was handed out yet
 */
export async function openDesk(folder: string, options: CampaignOptions = {}): Promise<AnnotationDesk> {
  const desk = new AnnotationDesk(await openContext(folder, options, 'join'));
  if (desk.round() > 0) return desk;
  await desk.close();
  throw new StepError('No round has chosen anything yet.', 'Run winnow next until instructions are selected.');
}
