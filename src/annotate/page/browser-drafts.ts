/** The two texts a person can write of an item. */
export interface DraftText {
  readonly response: string;
  readonly comment: string;
}

/** What was written in this browser and may not have reached the server. */
export interface KeptDraft extends DraftText {
  /** The server's revision it was written on top of. */
  readonly revision: number;
  /** What was sent last without an answer so far: where the server has it, it is ours. */
  readonly sent: DraftText | null;
}

/** A second net under the server: every keystroke at once, in the browser's storage. It may be full or forbidden. */
export class KeptDrafts {
  readonly #storage: () => Storage;
  readonly #prefix: string;

  /** @param storage may throw where it is forbidden */
  constructor(storage: () => Storage, campaignKey: string, name: string) {
    this.#storage = storage;
    this.#prefix = `winnow draft ${JSON.stringify([campaignKey, name])} `;
  }

  find(id: string): KeptDraft | null {
    try {
      const text = this.#storage().getItem(this.#prefix + id);
      const kept = text === null ? null : (JSON.parse(text) as Partial<KeptDraft>);
      if (typeof kept?.response !== 'string' || typeof kept.comment !== 'string') return null;
      return { response: kept.response, comment: kept.comment, revision: kept.revision ?? 0, sent: kept.sent ?? null };
    } catch {
      return null;
    }
  }

  /** @returns false where the browser would not keep it */
  keep(id: string, draft: KeptDraft): boolean {
    try {
      this.#storage().setItem(this.#prefix + id, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  /** Lets go of what the server has; something else, kept by another tab, stays. */
  forget(id: string, saved: DraftText): void {
    const kept = this.find(id);
    if (kept === null || !sameText(kept, saved)) return;
    try {
      this.#storage().removeItem(this.#prefix + id);
    } catch {
      // It stays, and is found to be what the server has.
    }
  }

  /** Lets go of it whatever it is: the person chose something else. */
  drop(id: string): void {
    const kept = this.find(id);
    if (kept !== null) this.forget(id, kept);
  }
}

export function sameText(one: DraftText, other: DraftText): boolean {
  return one.response === other.response && one.comment === other.comment;
}
