import { basename } from 'node:path';
import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { shownFields } from '../../campaign/shown-fields.ts';
import { StepError } from '../../domain/errors.ts';
import { command, sentence } from '../../domain/wording.ts';
import { type CampaignOptions, openContext } from '../../runs/campaign/open-context.ts';
import { AnnotatorView, itemToGive } from './annotator-view.ts';
import { DeskError } from './desk-error.ts';
import { type DeskEntry, DeskIndex } from './desk-index.ts';
import { deskProgress, type LabelMoney } from './desk-progress.ts';
import type { DeskItem, DeskProgress, GuidelinesText, ItemList, TeamOverview, Writing } from './desk-views.ts';
import { Guidelines } from './guidelines.ts';
import { deskItem, itemList, type ListQuery } from './item-views.ts';
import { ItemWork } from './item-work.ts';
import { LabelBrowser } from './label-browser.ts';
import { assertComplete, type Draft, type LabelForm, storable } from './label-form.ts';
import { LeadDesk } from './lead-desk.ts';
import { NewcomerHolds, type Newcomers } from './newcomer-holds.ts';
import { People } from './people.ts';
import { TeamView } from './team-view.ts';

/**
 * Hands out the items that a campaign selected, saves drafts and stores submitted labels. Works beside the process that
 * runs the campaign and beside other desks: each change is one transaction that also reads what it depends on.
 *
 * An item's number is its position in the pool. Methods with an annotator throw DeskError NAME_MISSING, NAME_TOO_LONG,
 * NAME_UNUSABLE and NAME_ALIKE; methods with an item or a round throw NO_SUCH_ITEM.
 */
export class AnnotationDesk {
  readonly people: People;
  /** Every item with its labels, for the lead. */
  readonly labels: LabelBrowser;
  /** What leads decide. */
  readonly lead: LeadDesk;
  readonly #guidelines: Guidelines;
  readonly #context: CampaignContext & { close(): Promise<void> };
  readonly #index: DeskIndex;
  readonly #newcomers: NewcomerHolds;
  readonly #team: TeamView;
  #money: { readonly version: string; readonly money: LabelMoney } | undefined;

  constructor(context: CampaignContext & { close(): Promise<void> }) {
    this.#context = context;
    this.people = new People(context);
    this.#guidelines = new Guidelines(context);
    this.#index = new DeskIndex(context);
    this.#newcomers = new NewcomerHolds(this.#index, context);
    this.labels = new LabelBrowser(this.#index, context);
    this.lead = new LeadDesk(this.#index, context, this.people);
    this.#team = new TeamView(this.#index, context);
  }

  /** The campaign's name: the name of its folder. */
  get campaign(): string {
    return basename(this.#context.folder);
  }

  /** Identifies the campaign, even among campaigns with the same name and pool. */
  get key(): string {
    return this.#context.state.key;
  }

  /** The last round that handed out items; 0 before the first one. */
  round(): number {
    this.#index.refresh();
    return this.#index.lastRound;
  }

  /** One page of a round's items, with their states for a person. */
  list(annotator: string, query: ListQuery): ItemList {
    const view = this.#viewOf(this.people.nameOf(annotator));
    const round = this.#index.round(query.round ?? this.#index.lastRound);
    const instructions = this.#context.instructions();
    return itemList(round, query, view, (position) => instructions[position]!);
  }

  /**
   * Gives a person the next open item and reserves it for them; null if none is left for them. What a lead sent back to
   * them comes first, then the last round, then what is open again of earlier rounds. Where all that is left is reserved,
   * they get an item that a newcomer has left (`heldByNewcomers`).
   * @param options.after number of the item they come from: the next item follows it. Default: an item that they have
   *   started comes first.
   * @param newcomers who they are counted with
   * @throws DeskError TOO_MANY_HELD
   */
  next(
    annotator: string,
    { after }: { readonly after?: number | undefined } = {},
    newcomers: readonly Newcomers[] = [],
  ): DeskItem | null {
    const name = this.people.nameOf(annotator);
    const entry = this.#context.state.transaction(() => {
      const view = this.#viewOf(name);
      const found = itemToGive(this.#index, view, { after });
      const given = found ?? this.#newcomers.release(name);
      if (given !== undefined) this.#reserve(given, view, name, newcomers);
      return given;
    });
    return entry === undefined ? null : this.#item(entry, name);
  }

  /**
   * The item that `next` gives a person after another one, for their page to have ready. It is reserved for them while no
   * one else needs it; `open` reserves it as any other. Null if none is left for them.
   * @param after number of the item they see
   */
  ahead(annotator: string, after: number): DeskItem | null {
    const name = this.people.nameOf(annotator);
    const entry = this.#context.state.transaction(() => {
      const view = this.#viewOf(name);
      const found = itemToGive(this.#index, view, { after, isOther: true });
      const { desk } = this.#context.state;
      const before = desk.holds(this.#now()).filter((hold) => hold.annotator === name && hold.ahead);
      for (const { position } of before) if (position !== found?.position) desk.dropHold(position, name);
      if (found !== undefined && !view.isStarted(found)) this.#work(found, view, name).hold({ ahead: true });
      return found;
    });
    return entry === undefined ? null : this.#item(entry, name);
  }

  /** Shows an item, and reserves it if it is available to them. @throws DeskError TOO_MANY_HELD */
  open(annotator: string, number: number, newcomers: readonly Newcomers[] = []): DeskItem {
    const name = this.people.nameOf(annotator);
    const entry = this.#context.state.transaction(() => {
      const view = this.#viewOf(name);
      const found = this.#index.entry(number);
      const isComplete = view.stateOf(found) === 'complete';
      if (!isComplete && view.isAvailable(found)) this.#reserve(found, view, name, newcomers);
      return found;
    });
    return this.#item(entry, name);
  }

  /**
   * Saves a person's draft, and reserves the item if it is available to them. Text that is already stored changes only
   * the time spent.
   * @returns what is stored, and until when the item is reserved; null if it is not available to them or too many are
   *   reserved where they come from
   * @throws DeskError CONFLICT if the item changed since the draft's revision; TOO_LONG, ANSWER_INVALID
   */
  save(
    annotator: string,
    number: number,
    given: Draft,
    newcomers: readonly Newcomers[] = [],
  ): { writing: Writing; heldUntilMs: number | null } {
    const name = this.people.nameOf(annotator);
    return this.#context.state.transaction(() => {
      const view = this.#viewOf(name);
      const entry = this.#index.entry(number);
      const draft = storable(given, this.#index.questions(entry));
      const work = this.#work(entry, view, name);
      const mayHold = view.isAvailable(entry) && this.#newcomers.crowd(entry, name, newcomers) === undefined;
      return { writing: work.save(draft), heldUntilMs: mayHold ? work.hold() : null };
    });
  }

  /**
   * Stores a person's label as an import would, and releases the item. The same label again changes nothing.
   * @throws DeskError EMPTY_RESPONSE, ANSWER_MISSING, ANSWER_INVALID, TOO_LONG; CONFLICT if the item changed since the form's revision;
   *   TAKEN if it is no longer available to them; their text is saved then
   */
  submit(annotator: string, number: number, given: LabelForm): DeskItem {
    const name = this.people.nameOf(annotator);
    const { entry, saved } = this.#context.state.transaction(() => {
      const view = this.#viewOf(name);
      const found = this.#index.entry(number);
      const questions = this.#index.questions(found);
      const form = storable(given, questions);
      assertComplete(form, questions);
      const work = this.#work(found, view, name);
      if (!view.isAvailable(found)) return { entry: found, saved: work.save(form) };
      work.submit(form);
      work.release();
      return { entry: found, saved: undefined };
    });
    if (saved === undefined) return this.#item(entry, name);
    throw new DeskError('TAKEN', 'Someone else has this item now. Your text is saved.', {
      hint: 'Continue with another item.',
      writing: saved,
    });
  }

  /** Makes an item available to others. */
  release(annotator: string, number: number): void {
    const name = this.people.nameOf(annotator);
    this.#index.refresh();
    const { position } = this.#index.entry(number);
    this.#context.state.transaction(() => this.#context.state.desk.dropHold(position, name));
  }

  /**
   * The progress of a round and a person's share of it.
   * @param annotator null for a person who has done nothing yet
   * @param round default: the last one
   */
  progress(annotator: string | null, round?: number): DeskProgress {
    const view = this.#viewOf(annotator === null ? null : this.people.nameOf(annotator));
    const atWork = this.atWork();
    const guidelines = this.#guidelines.current()?.version ?? null;
    const about = { money: this.#labelMoney(), atWork, guidelines };
    return deskProgress(this.#index, round ?? this.#index.lastRound, view, about);
  }

  /** The names that have an item reserved, sorted. */
  atWork(): string[] {
    const holds = this.#context.state.desk.holds(this.#now());
    return [...new Set(holds.map((hold) => hold.annotator))].sort();
  }

  /** What annotators read before the first item; null where there is nothing. */
  guidelines(): GuidelinesText | null {
    return this.#guidelines.current();
  }

  /** Everyone's work, how much they agree, and the items to review. Contains what all people wrote. */
  teamOverview(): TeamOverview {
    return { progress: this.progress(null), ...this.#team.overview() };
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  /** @throws DeskError TOO_MANY_HELD */
  #reserve(entry: DeskEntry, view: AnnotatorView, name: string, newcomers: readonly Newcomers[]): void {
    this.#newcomers.checkRoom(entry, name, newcomers);
    this.#work(entry, view, name).hold();
  }

  #now(): number {
    return this.#context.clock.now();
  }

  #viewOf(name: string | null): AnnotatorView {
    this.#index.refresh();
    const { desk } = this.#context.state;
    const drafts = name === null ? [] : desk.begun(name).map(({ position }) => position);
    return new AnnotatorView(this.#index, name, drafts, desk.holds(this.#now()));
  }

  #work(entry: DeskEntry, view: AnnotatorView, annotator: string): ItemWork {
    return new ItemWork(this.#context, entry.position, {
      annotator,
      ownLabel: view.ownLabel(entry),
      isReturned: view.isReturned(entry),
    });
  }

  #item(entry: DeskEntry, name: string): DeskItem {
    const view = this.#viewOf(name);
    const { writing, heldUntilMs } = this.#work(entry, view, name);
    const instruction = this.#context.instructions()[entry.position]!;
    return deskItem(this.#index, entry, view, {
      instruction,
      fields: shownFields(instruction.record, this.#context.config.labels.show),
      failingAnswer: this.#index.failingAnswer(entry) ?? null,
      questions: this.#index.questions(entry),
      writing,
      heldUntilMs,
    });
  }

  /** Changes only when the index does. */
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
 * Opens the desk of the campaign in a folder, also while another process runs the campaign. Needs no API key.
 * @throws ConfigError, also for guidelines that cannot be read; StateError; StepError if no items were handed out yet
 */
export async function openDesk(folder: string, options: CampaignOptions = {}): Promise<AnnotationDesk> {
  const desk = await deskOf(await openContext(folder, options, 'join'));
  if (desk.round() > 0) return desk;
  await desk.close();
  throw new StepError('No items have been selected yet.', sentence`Run ${command('next')} until items are selected.`);
}

async function deskOf(context: CampaignContext & { close(): Promise<void> }): Promise<AnnotationDesk> {
  try {
    return new AnnotationDesk(context);
  } catch (error) {
    await context.close();
    throw error;
  }
}
