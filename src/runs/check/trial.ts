import type { Range } from '../../domain/money.ts';
import type { Wording } from '../../domain/wording.ts';

/** Something to be tried by one small request, or a look. */
export interface Trial {
  /** "the embedder". */
  readonly what: string;
  /** Which one, where. */
  readonly which: string;
  /** @throws WinnowError where it cannot be tried at all: a missing key, an unknown price */
  open(): Promise<{
    readonly cost: Range;
    /** @returns what was found @throws WinnowError */
    run(): Promise<readonly Wording[]>;
  }>;
}

export const FREE_TRIAL: Range = { expected: 0, worstCase: 0 };
