import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { ProviderError, TrainingError } from '../domain/errors.ts';
import type { MicroUsd } from '../domain/money.ts';
import { costMicroUsd } from '../domain/usage.ts';
import { anySignal } from '../models/metering/abort-signals.ts';
import { decideRetry, type RetryPolicy } from '../models/metering/retry-policy.ts';
import { shownText } from '../models/metering/shown-text.ts';
import type { ClientSettings } from '../models/providers/provider-definition.ts';
import type { FineTuningApi, FineTuningJob, NewFineTuningJob } from './fine-tuning-api.ts';
import type { TrainedModel, TrainingJob, TrainingMemory, TrainingOptions } from './trainer.ts';

export interface OpenAiFineTuningOptions extends ClientSettings {
  readonly model: string;
  /** Passes over the examples, ≥ 1. */
  readonly epochs: number;
  /** Micro-dollars per million trained tokens; each pass trains on each token once. */
  readonly trainingPrice: MicroUsd;
  readonly clock: Clock;
  readonly pollEveryMs?: number;
}

const PROVIDER = 'openai';
const POLL_EVERY_MS = 30_000;
/** Some twenty minutes of failures in a row: a training takes long, and may end while the network is down. */
const PATIENCE: RetryPolicy = { maxTries: 24, baseWaitMs: 1_000, maxWaitMs: 60_000, maxDemandedWaitMs: 600_000 };
/** A new job may be missing from the list for a while: after a create of unknown fate it is looked for over five minutes. */
const LOOKING_WAITS_MS = [2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000, 60_000];
/** There is only one that asks, so it need not keep out of others' way. */
const NO_JITTER = { float: () => 1 };

const notesSchema = z.object({
  trainer: z.literal('openai'),
  attempt: z.int().positive(),
  trainingFile: z.string().nullable(),
  validationFile: z.string().nullable(),
  jobId: z.string().nullable(),
  /** A request to create the job was sent, and whether it was created is not known. */
  mayBeCreated: z.boolean().optional(),
});
type Notes = z.infer<typeof notesSchema>;

/** What so many trained tokens cost. */
export function trainingCost(trainedTokens: number, price: MicroUsd): MicroUsd {
  const usage = { inputTokens: trainedTokens, cachedInputTokens: 0, outputTokens: 0 };
  return costMicroUsd(usage, { input: price, cachedInput: price, output: price });
}

/** One training job at the provider, from its files to its end. */
export class FineTuningSubmission {
  readonly #api: FineTuningApi;
  readonly #options: OpenAiFineTuningOptions;
  readonly #job: TrainingJob;
  readonly #memory: TrainingMemory;
  readonly #signals: TrainingOptions;
  readonly #stop: AbortSignal | undefined;
  #notes: Notes;
  #noted = '';

  constructor(
    api: FineTuningApi,
    options: OpenAiFineTuningOptions,
    job: TrainingJob,
    memory: TrainingMemory,
    signals: TrainingOptions,
  ) {
    this.#api = api;
    this.#options = options;
    this.#job = job;
    this.#memory = memory;
    this.#signals = signals;
    this.#stop = anySignal(signals.signal, signals.abandon);
    this.#notes = notesSchema.safeParse(memory.load()).data ?? notesOfAttempt(1);
  }

  /** Submits the job unless it is submitted, and waits for it. */
  async untilEnd(): Promise<FineTuningJob> {
    const { clock, pollEveryMs = POLL_EVERY_MS } = this.#options;
    try {
      const id = this.#notes.jobId ?? (await this.#submit());
      for (;;) {
        const job = await this.#retrying(() => this.#api.retrieveJob(id, this.#stop));
        if (['succeeded', 'failed', 'cancelled'].includes(job.status)) return job;
        this.#note(job);
        await clock.sleep(pollEveryMs, this.#stop);
      }
    } catch (error) {
      if (this.#stop?.aborted && this.#notes.jobId !== null) {
        const { jobId } = this.#notes;
        const goesOn = `job ${jobId} goes on at ${this.#api.target.baseUrl} and will be billed`;
        this.#signals.onNote?.(`${goesOn}: run the same command again to wait for it, or cancel it there`);
      }
      throw error;
    }
  }

  /**
   * @param known.counted trained tokens by our own count: a whole training is not settled below it
   * @throws TrainingError of a job that failed, after which the next call begins a new one
   */
  result(
    ended: FineTuningJob,
    { counted, worstCaseMicroUsd }: { readonly counted: number; readonly worstCaseMicroUsd: MicroUsd },
  ): TrainedModel {
    const { id, status, fine_tuned_model: name, trained_tokens: tokens } = ended;
    const { attempt, trainingFile } = this.#notes;
    const billed = typeof tokens === 'number' ? Math.max(tokens, status === 'succeeded' ? counted : 0) : undefined;
    const cost = billed === undefined ? undefined : trainingCost(billed, this.#options.trainingPrice);
    if (status !== 'succeeded') {
      this.#save(notesOfAttempt(attempt + 1));
      const said = ended.error?.message
        ? `: ${shownText(ended.error.message, this.#api.target).replace(/[.\s]+$/, '')}`
        : '';
      throw new TrainingError(`The fine-tuning job ${id} ${status === 'failed' ? 'failed' : 'was cancelled'}${said}.`, {
        hint: 'Run the same command again to submit a new job.',
        // Jobs that fail are not billed; cancelled ones are, for what was trained until then.
        costMicroUsd: cost ?? (status === 'failed' ? 0 : worstCaseMicroUsd),
      });
    }
    if (!name) {
      throw new ProviderError(
        `The fine-tuning job ${id} succeeded, but the server does not name its model.`,
        { provider: PROVIDER, status: 200, retryable: true, billing: 'none' },
        { hint: 'Run the same command again: it asks for the name again and submits nothing.' },
      );
    }
    return {
      name,
      baseUrl: null,
      costMicroUsd: cost ?? worstCaseMicroUsd,
      details: {
        ...{ jobId: id, trainedTokens: tokens ?? null, attempt, trainingFile },
        ...(billed === tokens || billed === undefined ? {} : { billedTokens: billed }),
      },
    };
  }

  async #submit(): Promise<string> {
    const { model, epochs } = this.#options;
    const key = this.#notes.attempt === 1 ? this.#job.key : `${this.#job.key}-attempt-${this.#notes.attempt}`;
    const trainingFile = this.#notes.trainingFile ?? (await this.#upload(`${key}.jsonl`, this.#job.trainingFile));
    if (trainingFile === undefined) throw new TrainingError(`The training file ${this.#job.trainingFile} is empty.`);
    this.#save({ ...this.#notes, trainingFile });
    const validationFile =
      this.#notes.validationFile ?? (await this.#upload(`${key}-held-out.jsonl`, this.#job.heldOutFile)) ?? null;
    this.#save({ ...this.#notes, validationFile });
    const parameters = { key, model, epochs, trainingFile, validationFile, seed: this.#job.seed };
    const created = await this.#retrying(async () => {
      return (await this.#findJob(key)) ?? (await this.#create(parameters));
    }).catch((error: unknown) => {
      // The files may be why; they are looked for again.
      const final = error instanceof ProviderError && !error.retryable;
      if (final) this.#save({ ...notesOfAttempt(this.#notes.attempt), mayBeCreated: this.#mayBeCreated() });
      throw error;
    });
    this.#save({ ...this.#notes, jobId: created.id, mayBeCreated: false });
    return created.id;
  }

  /** Looks for the job until it can be said that there is none. */
  async #findJob(key: string): Promise<FineTuningJob | undefined> {
    for (const waitMs of this.#mayBeCreated() ? [...LOOKING_WAITS_MS, 0] : [0]) {
      const found = await this.#api.findJob(key, this.#stop);
      if (found || waitMs === 0) return found;
      this.#signals.onNote?.(`job ${key} may have been submitted before; looking for it again in ${waitMs / 1_000} s`);
      await this.#options.clock.sleep(waitMs, this.#stop);
    }
    return undefined;
  }

  /** Notes of earlier versions do not say. */
  #mayBeCreated(): boolean {
    return this.#notes.mayBeCreated ?? this.#notes.trainingFile !== null;
  }

  async #create(parameters: NewFineTuningJob): Promise<FineTuningJob> {
    this.#save({ ...this.#notes, mayBeCreated: true });
    try {
      // Once begun it is let finish: leaving may wait for its id, which is worth knowing.
      return await this.#api.createJob(parameters, this.#signals.abandon);
    } catch (error) {
      const refused = error instanceof ProviderError && error.billing === 'none';
      if (refused) this.#save({ ...this.#notes, mayBeCreated: false });
      throw error;
    }
  }

  /** @returns the file's id; undefined where it holds nothing */
  async #upload(name: string, path: string): Promise<string | undefined> {
    const content = await readFile(path);
    if (content.every((byte) => byte <= 0x20)) return undefined;
    return this.#retrying(async () => {
      const found = await this.#api.findFile(name, content.byteLength, this.#stop);
      return found ?? (await this.#api.uploadFile(name, content, this.#stop));
    });
  }

  /** Makes a request again until it goes through, as long as that may help. */
  async #retrying<R>(request: () => Promise<R>): Promise<R> {
    for (let tries = 1; ; tries += 1) {
      this.#stop?.throwIfAborted();
      try {
        return await request();
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const decision = decideRetry(error, tries, PATIENCE, NO_JITTER);
        if (!decision.retry) throw error;
        this.#signals.onNote?.(`${error.message} Asking again in ${Math.ceil(decision.waitMs / 1_000)} s.`);
        await this.#options.clock.sleep(decision.waitMs, this.#stop);
      }
    }
  }

  #save(notes: Notes): void {
    this.#memory.save(notes);
    this.#notes = notes;
  }

  #note({ id, status, created_at: createdAt }: FineTuningJob): void {
    const seconds = typeof createdAt === 'number' ? this.#options.clock.now() / 1_000 - createdAt : undefined;
    const time = seconds === undefined ? '' : `, ${Math.max(0, Math.floor(seconds / 60))} min`;
    const note = `job ${id}: ${status.replaceAll('_', ' ')}${time}`;
    if (note !== this.#noted) this.#signals.onNote?.(note);
    this.#noted = note;
  }
}

function notesOfAttempt(attempt: number): Notes {
  return { trainer: 'openai', attempt, trainingFile: null, validationFile: null, jobId: null, mayBeCreated: false };
}
