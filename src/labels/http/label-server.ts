import { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { LabelTask, TasksAbout } from '../../domain/label.ts';
import type { OnProgress } from '../../domain/progress.ts';
import type { Random } from '../../math/random.ts';
import type { RetryPolicy } from '../../models/metering/retry-policy.ts';
import type { DecodedLabels } from '../label-file.ts';

/** An annotation tool that is reached over HTTP instead of through files. */
export interface LabelServer {
  /** The name of its bridge. */
  readonly name: string;
  /** Its address, for messages; contains no secret. */
  readonly address: string;
  /**
   * Makes one request that reads, so that a wrong address or key shows. Absent: it cannot be tried so.
   * @throws LabelError; or the signal's reason
   */
  check?(options?: Pick<LabelTransfer, 'signal'>): Promise<void>;
  /**
   * Creates the tasks that are missing: after any interruption it can be called again and never creates a task twice.
   * Existing tasks stay as they are.
   * @throws LabelError; or the signal's reason
   */
  push(tasks: readonly LabelTask[], options?: LabelTransfer & TasksAbout): Promise<PushedTasks>;
  /**
   * Everything annotated so far, in the order of the server. Never throws because of the content of annotations:
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
  /** How many existed before. */
  readonly present: number;
  /** Where people annotate. */
  readonly url: string;
}

/** What every label server is opened with. */
export interface LabelServerOptions {
  /** The tool's address, with its path if it has one; no user name, password or query. */
  readonly url: string;
  /** Sent to this address only, and shown in no message. */
  readonly apiKey: string;
  /** Where the user set the key, for messages: the name of a variable. */
  readonly keySource: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** For jitter of the waits between tries. */
  readonly random: Pick<Random, 'float'>;
  /** Deadline of one request, including its response. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** How many people answer each item, ≥ 1. Set when a project or dataset is created, not changed later. */
  readonly annotators?: number | undefined;
}

/** What a label server is opened with, with the options that its definition declares. */
export interface LabelServerSettings extends LabelServerOptions {
  readonly options: { readonly project: string | number } & Readonly<Record<string, unknown>>;
}

/** A project of Label Studio, a dataset of Argilla. Absent: named after the campaign. */
export const projectOption = z.union([z.string().min(1), z.int()]).optional();
