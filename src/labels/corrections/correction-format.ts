import type { Correction } from '../../domain/label.ts';
import { encodeJsonLines } from '../record-codec.ts';
import {
  type FormatDescription,
  hasContextIn,
  identified,
  type TrainingFile,
  type TrainingOptions,
  type TrainingSplit,
} from '../training/training-format.ts';

/**
 * What people corrected, in a format that programs for preferences, rewards or judges read. A new one is one file with such
 * an object and one line of the registry.
 */
export interface CorrectionFormat extends FormatDescription {
  /** Whether the format has a use for a correction: pairs need two answers that differ in substance. */
  takes(correction: Correction): boolean;
  /** The files, in order: what to train on and, if there is any, what is held out. All corrections are ones it takes. */
  files(split: TrainingSplit<Correction>, options?: TrainingOptions): TrainingFile[];
}

/** A format of JSON Lines in `train` and `held-out`. */
export function linesFormat({
  records,
  ...format
}: FormatDescription &
  Pick<CorrectionFormat, 'takes'> & {
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
