import type { DraftText } from './browser-drafts.ts';
import type { WorkbenchStore } from './workbench-state.ts';

/** Puts the model's answer into the editor. This can be undone. */
export class ModelAnswer {
  readonly #store: WorkbenchStore;
  readonly #write: (change: Partial<DraftText>) => void;

  constructor(store: WorkbenchStore, write: (change: Partial<DraftText>) => void) {
    this.#store = store;
    this.#write = write;
  }

  use(): void {
    const { item, draft } = this.#store.state;
    if (item?.failingAnswer == null || draft === null || draft.response === item.failingAnswer.response) return;
    const before = draft.response;
    this.#write({ response: item.failingAnswer.response });
    this.#store.change({ undo: before.trim() === '' ? null : before });
  }

  undo(): void {
    const { undo } = this.#store.state;
    if (undo === null) return;
    this.#write({ response: undo });
    this.#store.change({ undo: null });
  }
}
