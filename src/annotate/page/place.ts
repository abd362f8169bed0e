import type { DeskItem } from '../desk/desk-views.ts';
import type { NextAnswer } from '../server/web-api.ts';
import { asRequestError, type DeskApi } from './desk-api.ts';
import type { PlaceState, WorkbenchStore } from './workbench-state.ts';

/** The item that the person was given or wrote in last. They come back to it after a look at others, or another day. */
export class Place {
  readonly #store: WorkbenchStore;
  readonly #storage: () => Storage;
  readonly #key: string;

  /** @param storage may throw if storage is blocked: then the place lasts until the page closes */
  constructor(store: WorkbenchStore, storage: () => Storage, campaignKey: string, name: string) {
    this.#store = store;
    this.#storage = storage;
    this.#key = `winnow place ${JSON.stringify([campaignKey, name])}`;
    store.change({ place: this.#find() });
  }

  /** @param item null where none is left */
  note(item: DeskItem | null): void {
    const place = item === null ? null : { number: item.number, rank: item.rank };
    if (place?.number === this.#store.state.place?.number) return;
    this.#store.change({ place });
    try {
      if (place === null) this.#storage().removeItem(this.#key);
      else this.#storage().setItem(this.#key, JSON.stringify(place));
    } catch {
      // The state has it.
    }
  }

  #find(): PlaceState | null {
    try {
      const { number, rank } = JSON.parse(this.#storage().getItem(this.#key) ?? '{}') as Partial<PlaceState>;
      return Number.isInteger(number) && Number.isInteger(rank) ? { number: number!, rank: rank! } : null;
    } catch {
      return null;
    }
  }
}

/** Opens an item again if the person has something left to do there, or else the next open one. */
export async function returnTo(api: DeskApi, number: number): Promise<NextAnswer> {
  const answer = await api.open(number).catch((error: unknown) => {
    // Other items may be handed out since.
    if (asRequestError(error).code === 'NO_SUCH_ITEM') return null;
    throw error;
  });
  if (answer !== null && isUnfinished(answer.item)) return answer;
  if (answer !== null && answer.item.heldUntilMs !== null) api.release(number);
  return api.next({});
}

function isUnfinished({ state, verdict, writing }: DeskItem): boolean {
  return verdict === null ? state === 'open' || state === 'draft' : !writing.submitted && writing.revision > 0;
}
