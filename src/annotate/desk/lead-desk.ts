import type { CampaignContext } from '../../campaign/campaign-context.ts';
import {
  assignItem,
  close,
  decideLabel,
  dropWork,
  reopen,
  restoreWork,
  sendBack,
  takeBack,
  undoDecision,
} from '../../campaign/lead-actions.ts';
import { adjustPay, payRows } from '../../campaign/pay.ts';
import { BudgetExceededError } from '../../domain/errors.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { PayRow } from '../../domain/pay-row.ts';
import { WinnowError } from '../../domain/winnow-error.ts';
import { DeskError } from './desk-error.ts';
import type { DeskIndex } from './desk-index.ts';
import { assertComplete, storable } from './label-form.ts';
import type { LeadRequest } from './lead-views.ts';
import type { People } from './people.ts';

/** A lead writes a response; questions are answered by the people. */
const NO_QUESTIONS = [] as const;

/** What leads do with labels. All of it is kept, and all of it can be undone. */
export class LeadDesk {
  readonly #index: DeskIndex;
  readonly #context: CampaignContext;
  readonly #people: People;

  constructor(index: DeskIndex, context: CampaignContext, people: People) {
    this.#index = index;
    this.#context = context;
    this.#people = people;
  }

  /**
   * @param by the lead's name
   * @throws DeskError NO_SUCH_ITEM, NO_SUCH_LABEL, NO_ROOM, EMPTY_RESPONSE, TOO_LONG; as `People.nameOf` for names
   */
  act(by: string, position: number, request: LeadRequest): void {
    this.#index.refresh();
    this.#index.entry(position);
    const context = this.#context;
    const about = { position, by };
    asDeskErrors(() => {
      switch (request.kind) {
        case 'choose':
          return decideLabel(context, about, { label: request.label });
        case 'write':
          return this.#write(about, request);
        case 'undo-decision':
          return undoDecision(context, about);
        case 'send-back':
          return sendBack(context, { ...about, comment: request.comment }, request.annotator);
        case 'take-back':
          return takeBack(context, about, request.annotator);
        case 'reopen':
          return context.state.transaction(() => {
            this.#assign(about, request.to);
            reopen(context, about);
          });
        case 'close':
          return close(context, about);
        case 'assign':
          return this.#assign(about, request.to);
      }
    });
  }

  /** Leaves out all labels of a person so far. @throws DeskError NO_ROOM where there is no money to ask again */
  drop(by: string, annotator: string, askAgain: boolean): void {
    asDeskErrors(() => dropWork(this.#context, { annotator, by, askAgain }));
  }

  /** What everyone did and earned, by month. */
  pay(): PayRow[] {
    return payRows(this.#context.state);
  }

  /** @throws DeskError NO_ROOM where more does not fit under the cap; NO_SUCH_PERSON */
  adjustPay(by: string, adjustment: { annotator: string; microUsd: MicroUsd; reason: string }): void {
    asDeskErrors(() => adjustPay(this.#context, { ...adjustment, by }));
  }

  restore(by: string, annotator: string): void {
    restoreWork(this.#context, { annotator, by });
  }

  #write(
    about: { position: number; by: string },
    { verdict, response, comment }: LeadRequest & { kind: 'write' },
  ): void {
    const form = storable({ verdict, response, comment, revision: 0, seconds: 0 }, NO_QUESTIONS);
    assertComplete(form, NO_QUESTIONS);
    const reason = form.comment.trim() === '' ? null : form.comment;
    decideLabel(this.#context, { ...about, comment: reason }, { verdict, response: form.response });
  }

  /** Gives an item to people, and takes it from the others who have it reserved. Their drafts stay. */
  #assign({ position, by }: { position: number; by: string }, names: readonly string[]): void {
    const to = names.map((name) => this.#people.nameOf(name));
    const { state, clock } = this.#context;
    state.transaction(() => {
      assignItem(this.#context, { position, by }, to);
      if (to.length === 0) return;
      for (const hold of state.desk.holds(clock.now())) {
        if (hold.position === position && !to.includes(hold.annotator)) state.desk.dropHold(position, hold.annotator);
      }
    });
  }
}

function asDeskErrors(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (error instanceof BudgetExceededError) {
      throw new DeskError('NO_ROOM', 'The label budget has no room for this.', {
        hint: 'Raise budget.labels or budget.labelUsd in winnow.yaml, then start winnow annotate again.',
      });
    }
    if (error instanceof WinnowError && (error.code === 'NO_SUCH_LABEL' || error.code === 'NO_SUCH_PERSON')) {
      throw new DeskError(error.code, error.message, { hint: 'Reload the page.' });
    }
    throw error;
  }
}
