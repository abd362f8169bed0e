import type { Correction } from '../../domain/label.ts';
import { encodeJsonLines } from '../record-codec.ts';
import { hasContextIn, identified, type TrainingFile, type TrainingOptions } from '../training/training-format.ts';

/** Corrections to train on and held-out ones; no item is in both. */
export interface CorrectionSplit {
  readonly train: readonly Correction[];
  readonly heldOut: readonly Correction[];
}

/**
 * What people corrected, in a format that programs for preferences, rewards or judges read. A new one is one file with such
 * an object and one line of the registry.
 */
export interface CorrectionFormat {
  /** As options name it. */
  readonly name: string;
  /** One line for help and docs. */
  readonly summary: string;
  /** Where the format is documented: a URL. */
  readonly source: string;
  /** How few corrections are too few, and for whom. Absent: any number will do. */
  readonly leastExamples?: { readonly count: number; readonly requiredBy: string };
  /** Whether the format has a use for a correction: pairs need two answers that differ in substance. */
  takes(correction: Correction): boolean;
  /** The files, in order: what to train on and, if there is any, what is held out. All corrections are ones it takes. */
  files(split: CorrectionSplit, options?: TrainingOptions): TrainingFile[];
}

/** A format of JSON Lines in `train` and `held-out`. */
export function linesFormat({
  records,
  ...format
}: Pick<CorrectionFormat, 'name' | 'summary' | 'source' | 'leastExamples' | 'takes'> & {
  /** @param about.hasContext whether any correction of the set is of a conversation */
  records(correction: Correction, about: { readonly hasContext: boolean }): readonly object[];
}): CorrectionFormat {
  return {
    ...format,
    files({ train, heldOut }, { withIds } = {}) {
      const hasContext = hasContextIn([...train, ...heldOut]);
      const encode = (corrections: readonly Correction[]) =>
        encodeJsonLines(
          corrections.flatMap((correction) =>
            records(correction, { hasContext }).map((record) => identified(record, correction, withIds)),
          ),
        );
      const files = [{ name: 'train.jsonl', content: encode(train) }];
      return heldOut.length === 0 ? files : [...files, { name: 'held-out.jsonl', content: encode(heldOut) }];
    },
  };
}
