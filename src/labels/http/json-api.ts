import type { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import { LabelError } from '../../domain/errors.ts';
import type { Random } from '../../math/random.ts';
import { DEFAULT_RETRY_POLICY, decideRetry, type RetryPolicy } from '../../models/metering/retry-policy.ts';
import type { Connection } from './connection.ts';
import { RequestFault, readable, unexpectedFault } from './request-fault.ts';
import { type JsonRequest, sendJson } from './send-json.ts';

/** What is sent with each request to prove who asks. */
export interface Credentials {
  headers(signal: AbortSignal | undefined): Promise<Readonly<Record<string, string>>>;
  /** After a 401: drops a token that may have expired, so that the next request gets a fresh one. @returns whether that may help */
  expire(): boolean;
}

const TRIES = 5;
const LONGEST_DEMANDED_WAIT_MS = 120_000;

/** Requests to a label server: proved, checked and, where that is harmless, repeated. */
export class JsonApi {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly #credentials: Credentials;
  readonly #random: Pick<Random, 'float'>;
  readonly #policy: RetryPolicy;

  constructor(
    connection: Connection,
    credentials: Credentials,
    { clock, random, retry }: { clock: Clock; random: Pick<Random, 'float'>; retry?: Partial<RetryPolicy> | undefined },
  ) {
    this.connection = connection;
    this.clock = clock;
    this.#credentials = credentials;
    this.#random = random;
    this.#policy = {
      ...DEFAULT_RETRY_POLICY,
      maxTries: TRIES,
      maxDemandedWaitMs: LONGEST_DEMANDED_WAIT_MS,
      ...retry,
    };
  }

  /** @throws RequestFault that is final, or LabelError after the last try */
  get<S extends z.ZodType>(path: string, schema: S, signal?: AbortSignal): Promise<z.output<S>> {
    return this.retrying(signal, () => this.once({ method: 'GET', path }, schema, signal));
  }

  /**
   * Makes one request once, without retries; only after a 401 it is repeated with fresh credentials.
   * @throws RequestFault
   */
  async once<S extends z.ZodType>(request: JsonRequest, schema: S, signal?: AbortSignal): Promise<z.output<S>> {
    const reply = await this.#send(request, signal);
    const checked = schema.safeParse(reply);
    if (checked.success) return checked.data;
    const { path, message } = checked.error.issues[0]!;
    const place = path.length === 0 ? 'the answer' : path.join('.');
    throw unexpectedFault(this.connection, request.path.split('?')[0]!, `${place}: ${message}`);
  }

  /** Repeats `attempt` while it ends in faults that pass: for what is harmless to do again. */
  async retrying<T>(signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        await this.waitForRetry(error, tries, signal);
      }
    }
  }

  /**
   * Waits until the next try.
   * @throws the error itself when it is final, or a LabelError, not to be retried, when it was the last try
   */
  async waitForRetry(error: unknown, triesMade: number, signal: AbortSignal | undefined): Promise<void> {
    if (!(error instanceof RequestFault)) throw error;
    const { retryable, retryAfterMs } = error;
    const failure = { retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    const decision = decideRetry(failure, triesMade, this.#policy, this.#random);
    if (decision.retry) return this.clock.sleep(decision.waitMs, signal);
    if (decision.because === 'final') throw error;
    const seconds = Math.ceil((retryAfterMs ?? 0) / 1_000).toLocaleString('en-US');
    const why = decision.because === 'wait' ? `It asks to wait ${seconds} s.` : `Gave up after ${triesMade} tries.`;
    throw new LabelError(`${error.message} ${why}`, {
      hint: error.hint ?? 'Run the same command again later: nothing is created twice.',
      cause: error,
    });
  }

  /** Words of the server's for a message: one line, cut, without secrets. */
  quoted(text: string): string {
    return readable(this.connection, text);
  }

  async #send(request: JsonRequest, signal: AbortSignal | undefined): Promise<unknown> {
    const headers = await this.#credentials.headers(signal);
    try {
      return await sendJson(this.connection, request, headers, signal);
    } catch (error) {
      if (!(error instanceof RequestFault && error.status === 401 && this.#credentials.expire())) throw error;
    }
    return sendJson(this.connection, request, await this.#credentials.headers(signal), signal);
  }
}
