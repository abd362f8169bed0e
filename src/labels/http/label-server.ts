import type { Clock } from '../../domain/clock.ts';
import type { LabelTask } from '../../domain/label.ts';
import type { OnProgress } from '../../domain/progress.ts';
import type { Random } from '../../math/random.ts';
import type { RetryPolicy } from '../../models/metering/retry-policy.ts';
import type { DecodedLabels } from '../label-bridge.ts';

/** An annotation tool that is asked over HTTP instead of by files. */
export interface LabelServer {
  readonly name: 'label-studio' | 'argilla';
  /** Where it is, for people. Holds no secret. */
  readonly address: string;
  /**
   * Creates what is missing and only that: called again after any kind of end it never makes a task twice.
   * What is there already is left alone, whatever people did to it.
   * @throws LabelError; or the signal's reason
   */
  push(tasks: readonly LabelTask[], options?: LabelTransfer): Promise<PushedTasks>;
  /**
   * Everything annotated so far, in the order of the server. Never throws for what annotations say:
   * what cannot be read is in `foreign`.
   * @throws LabelError; or the signal's reason
   */
  pull(options?: LabelTransfer): Promise<DecodedLabels>;
}

export interface LabelTransfer {
  readonly signal?: AbortSignal | undefined;
  /** Phase `write` while pushing, `read` while pulling; counts tasks. */
  readonly onProgress?: OnProgress | undefined;
}

export interface PushedTasks {
  readonly created: number;
  /** Were there before. */
  readonly present: number;
  /** Where people annotate. */
  readonly url: string;
}

export interface LabelServerOptions {
  /** Where the tool is served, with its path if it has one; no user name, password or query. */
  readonly url: string;
  /** Goes to this address only, and into no message. */
  readonly apiKey: string;
  /** Where the user set the key, for messages: the name of a variable. */
  readonly keySource: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Jitter of the waits between tries. */
  readonly random: Pick<Random, 'float'>;
  /** Deadline of one request, answer included. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** How many people are to answer each item, ≥ 1; said when a project or dataset is created, not changed later. */
  readonly annotators?: number | undefined;
}
