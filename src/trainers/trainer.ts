import type { JsonObject } from '../domain/instruction.ts';
import type { LabeledExample } from '../domain/label.ts';
import type { MicroUsd } from '../domain/money.ts';

/** One training of the seed model, on all labels so far. */
export interface TrainingJob {
  /** From 1. */
  readonly round: number;
  /** Same for every try of this job, different for every other: `<campaign id>-r<round>`. [a-z0-9-] */
  readonly key: string;
  readonly seed: number;
  readonly examples: readonly LabeledExample[];
  /** Absolute path: the examples in the trainer's format. Already written. */
  readonly trainingFile: string;
  /** Absolute path: the held-out examples in the same format; never trained on. May hold none. */
  readonly heldOutFile: string;
  /** Absolute path of a folder that belongs to this job, for logs and models; exists. */
  readonly folder: string;
}

/** What a trainer must not forget if the process dies. Each `save` is durable when it returns. */
export interface TrainingMemory {
  load(): JsonObject | undefined;
  save(notes: JsonObject): void;
}

export interface TrainedModel {
  /** By which the model is asked for. */
  readonly name: string;
  /** Where it is served, if the trainer says so: an OpenAI-compatible address up to and including `/v1`. */
  readonly baseUrl: string | null;
  /** What the training cost in fact. */
  readonly costMicroUsd: MicroUsd;
  /** Further details: the job's id, trained tokens, seconds. */
  readonly details: JsonObject;
}

export interface TrainingOptions {
  /** Abort to leave: a training that goes on elsewhere goes on, and is found again by the next `train`. */
  readonly signal?: AbortSignal | undefined;
  /** Abort to end the training too, where that is possible. */
  readonly abandon?: AbortSignal | undefined;
  /** A line of progress: "job ftjob-1: running, 3 min". */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** Trains a seed model. Called again after any kind of end with the same job and memory, it goes on; it never trains twice. */
export interface Trainer {
  readonly name: string;
  /** The most this job can cost; undefined where it is not known. */
  worstCaseMicroUsd(job: Pick<TrainingJob, 'examples'>): MicroUsd | undefined;
  /**
   * Looks whether a training could begin, for free. Absent: it cannot be known.
   * @returns what was found, as text @throws TrainingError | ProviderError where it could not
   */
  check?(options?: Pick<TrainingOptions, 'signal'>): Promise<string>;
  /**
   * @throws TrainingError when the training failed, with what it cost; calling again then begins a new try
   * @throws ProviderError; or the signal's reason
   */
  train(job: TrainingJob, memory: TrainingMemory, options?: TrainingOptions): Promise<TrainedModel>;
}
