/** What a person has written of an item so far. */
export interface Writing {
  /** 0 before anything was saved. A change is refused where it was made to an older revision. */
  readonly revision: number;
  readonly response: string;
  readonly comment: string;
  readonly seconds: number;
  /** Whether it is what was submitted last; false with something begun since. */
  readonly submitted: boolean;
  readonly savedAtMs: number | null;
}
