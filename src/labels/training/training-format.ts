import type { Conversation } from '../../domain/conversation.ts';
import type { JsonObject } from '../../domain/instruction.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { encodeJsonArray, encodeJsonLines } from '../record-codec.ts';

/** A file to write: its text, or its records where the format is not text. */
export interface TrainingFile {
  /** With forward slashes, below the output folder. */
  readonly name: string;
  readonly content: string | { readonly records: readonly JsonObject[] };
}

/** Examples to train on and held-out examples; no example is in both. */
export interface TrainingSplit<Example = LabeledExample> {
  readonly train: readonly Example[];
  readonly heldOut: readonly Example[];
}

/** What users are told of a format. */
export interface FormatDescription {
  /** As options name it. */
  readonly name: string;
  /** One line for help and docs. */
  readonly summary: string;
  /** Where the format is documented: a URL. */
  readonly source: string;
  /** How few examples are too few, and for whom. Absent: any number will do. */
  readonly leastExamples?: { readonly count: number; readonly requiredBy: string };
}

/**
 * A format that training programs read: everything the command line, winnow.yaml, the library and the docs know about
 * it. A new one is one file with such an object and one line of the registry.
 */
export interface TrainingFormat extends FormatDescription {
  /** One text file of examples. Absent: the format is more than one text file, so trainers cannot use it. */
  readonly text?: TrainingText;
  /** The files of a training set, in order: the examples to train on and, if there are any, the held-out ones. */
  files(split: TrainingSplit, options?: TrainingOptions): TrainingFile[];
}

export interface TrainingOptions {
  /** Whether each record carries the id of its item. */
  readonly withIds?: boolean | undefined;
}

/** Examples as the text of one file. */
export interface TrainingText {
  readonly extension: '.json' | '.jsonl';
  /**
   * In the order given. Ends with a newline, except for an empty JSON Lines file. Lone surrogates become U+FFFD.
   */
  encode(examples: readonly LabeledExample[]): string;
}

/** A format with one record per example: a JSON array or JSON Lines, in `train` and `held-out`. */
export function textFormat({
  extension,
  record,
  ...format
}: FormatDescription & {
  readonly extension: TrainingText['extension'];
  /** @param about.hasContext whether any example of the training set is a conversation */
  record(example: LabeledExample, about: { readonly hasContext: boolean }): object;
}): TrainingFormat & { readonly text: TrainingText } {
  const encodeAll = extension === '.jsonl' ? encodeJsonLines : encodeJsonArray;
  const encodeAs = (examples: readonly LabeledExample[], hasContext: boolean, withIds = false) =>
    encodeAll(examples.map((example) => identified(record(example, { hasContext }), example, withIds)));
  const encode = (examples: readonly LabeledExample[]) => encodeAs(examples, hasContextIn(examples));
  return {
    ...format,
    text: { extension, encode },
    files({ train, heldOut }, { withIds } = {}) {
      const hasContext = hasContextIn([...train, ...heldOut]);
      const files = [{ name: `train${extension}`, content: encodeAs(train, hasContext, withIds) }];
      if (heldOut.length > 0) {
        files.push({ name: `held-out${extension}`, content: encodeAs(heldOut, hasContext, withIds) });
      }
      return files;
    },
  };
}

/** A record with the id of its item before its own fields, where that is wanted. */
export function identified(record: object, { id }: { readonly id: string }, withIds: boolean | undefined): object {
  return withIds ? { id, ...record } : record;
}

/** Whether any of the items is more than a single request. */
export function hasContextIn(examples: readonly Conversation[]): boolean {
  return examples.some(({ context }) => context !== undefined);
}

/** What is missing for a format that needs more examples; undefined when there are enough. */
export function shortageOf(
  { leastExamples }: Pick<TrainingFormat, 'leastExamples'>,
  examples: number,
): string | undefined {
  if (leastExamples === undefined || examples >= leastExamples.count) return undefined;
  const { count, requiredBy } = leastExamples;
  return `${requiredBy} needs at least ${count} examples, but there ${examples === 1 ? 'is' : 'are'} only ${examples}.`;
}
