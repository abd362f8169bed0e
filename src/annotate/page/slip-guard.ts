import type { Verdict } from './workbench-state.ts';

/** A second press of the same keys this soon after the first was not meant for the next item. */
const SLIP_MS = 300;

/** Tells a second press of the keys that submit from a label for the next item. Another verdict is no slip, however soon. */
export class SlipGuard {
  #last: { readonly verdict: Verdict; readonly atMs: number } | null = null;

  /** @param atMs of a clock that only goes forward */
  isSlip(verdict: Verdict, atMs: number): boolean {
    return this.#last?.verdict === verdict && atMs - this.#last.atMs < SLIP_MS;
  }

  noteLabel(verdict: Verdict, atMs: number): void {
    this.#last = { verdict, atMs };
  }
}
