import { type Answers, sameAnswers } from '../../domain/questions.ts';

/** What a person can write for an item. */
export interface DraftText {
  readonly response: string;
  readonly comment: string;
  readonly note: string;
  readonly doubtful: boolean;
  /** To the item's questions. */
  readonly answers: Answers;
}

/** A draft in this browser that may not have reached the server. */
export interface BrowserDraft extends DraftText {
  /** The server's revision that it was made from. */
  readonly revision: number;
  /** What was sent last, without an answer yet. If the server has this text, it came from here. */
  readonly sent: DraftText | null;
}

/** Backup drafts: every keystroke is stored in the browser too. Its storage may be full or blocked. */
export class BrowserDrafts {
  readonly #storage: () => Storage;
  readonly #prefix: string;

  /** @param storage may throw if storage is blocked */
  constructor(storage: () => Storage, campaignKey: string, name: string) {
    this.#storage = storage;
    this.#prefix = `winnow draft ${JSON.stringify([campaignKey, name])} `;
  }

  find(id: string): BrowserDraft | null {
    try {
      const text = this.#storage().getItem(this.#prefix + id);
      const draft = text === null ? null : (JSON.parse(text) as Partial<BrowserDraft>);
      if (typeof draft?.response !== 'string' || typeof draft.comment !== 'string') return null;
      return {
        response: draft.response,
        comment: draft.comment,
        note: draft.note ?? '',
        doubtful: draft.doubtful ?? false,
        answers: draft.answers ?? {},
        revision: draft.revision ?? 0,
        sent: draft.sent ?? null,
      };
    } catch {
      return null;
    }
  }

  /** @returns false if the browser cannot store it */
  store(id: string, draft: BrowserDraft): boolean {
    try {
      this.#storage().setItem(this.#prefix + id, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  /** Removes a draft that the server has. A different draft, stored by another tab, stays. */
  removeSaved(id: string, saved: DraftText): void {
    const draft = this.find(id);
    if (draft === null || !sameText(draft, saved)) return;
    try {
      this.#storage().removeItem(this.#prefix + id);
    } catch {
      // The draft stays, and equals the server's text next time.
    }
  }

  /** Removes any draft, because the person chose another version. */
  remove(id: string): void {
    const draft = this.find(id);
    if (draft !== null) this.removeSaved(id, draft);
  }
}

export function sameText(one: DraftText, other: DraftText): boolean {
  const [hasSameAnswer, hasSameComment] = [one.response === other.response, one.comment === other.comment];
  const hasSameNote = one.note === other.note && one.doubtful === other.doubtful;
  return hasSameAnswer && hasSameComment && hasSameNote && sameAnswers(one.answers ?? {}, other.answers ?? {});
}
