import { z } from 'zod';
import { ProviderError } from '../domain/errors.ts';
import { sendRequest, unreadableReply } from '../models/metering/request-failure.ts';
import { openAiProvider } from '../models/providers/openai.ts';
import { type OpenAiApi, openOpenAiApi } from '../models/providers/openai-api.ts';
import type { ClientSettings } from '../models/providers/provider-definition.ts';
import type { RequestTarget } from '../models/providers/request-target.ts';

const jobSchema = z.object({
  id: z.string().min(1),
  /** `succeeded`, `failed`, `cancelled`; anything else is under way. */
  status: z.string(),
  created_at: z.number().nullish().catch(undefined),
  fine_tuned_model: z.string().nullish(),
  trained_tokens: z.int().nonnegative().nullish().catch(undefined),
  error: z.object({ message: z.string().nullish() }).nullish().catch(undefined),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});
export type FineTuningJob = z.infer<typeof jobSchema>;

const fileSchema = z.object({
  id: z.string().min(1),
  filename: z.string().nullish(),
  bytes: z.number().nullish(),
  status: z.string().nullish().catch(undefined),
});

export interface NewFineTuningJob {
  /** Ours: by it the job is found again. */
  readonly key: string;
  readonly model: string;
  readonly trainingFile: string;
  readonly validationFile: string | null;
  /** Any integer. */
  readonly seed: number;
  readonly epochs: number;
}

/** The part of a job's metadata that is our key. */
const METADATA_KEY = 'winnow';
const PURPOSE = 'fine-tune';
const MAX_SEED = 2 ** 31;
const SUFFIX_CHARACTERS = 64;

/** Single requests to OpenAI's files and fine-tuning endpoints. @throws ProviderError; or the signal's reason */
export class FineTuningApi {
  readonly target: RequestTarget;
  readonly #sdk: OpenAiApi['sdk'];

  /** @throws UsageError without a key */
  constructor(settings: ClientSettings) {
    const { sdk, target } = openOpenAiApi(openAiProvider, settings);
    this.#sdk = sdk;
    this.target = target;
  }

  /** The newest usable file of that name and size. */
  async findFile(name: string, bytes: number, signal?: AbortSignal): Promise<string | undefined> {
    return sendRequest(this.target, signal, async (requestSignal) => {
      const files = this.#sdk.files.list({ purpose: PURPOSE, order: 'desc' }, { signal: requestSignal });
      for await (const seen of files) {
        const file = this.#read(fileSchema, seen);
        if (file.filename === name && file.bytes === bytes && file.status !== 'error') return file.id;
      }
      return undefined;
    });
  }

  async uploadFile(name: string, content: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<string> {
    return sendRequest(this.target, signal, async (requestSignal) => {
      const file = new File([content], name, { type: 'application/jsonl' });
      const uploaded = await this.#sdk.files.create({ file, purpose: PURPOSE }, { signal: requestSignal });
      return this.#read(fileSchema, uploaded).id;
    });
  }

  /** Lists one job, so that a wrong address or key shows. */
  async listJobs(signal?: AbortSignal): Promise<void> {
    await sendRequest(this.target, signal, (requestSignal) =>
      this.#sdk.fineTuning.jobs.list({ limit: 1 }, { signal: requestSignal }),
    );
  }

  /** The newest job with our key, in any state. */
  async findJob(key: string, signal?: AbortSignal): Promise<FineTuningJob | undefined> {
    return sendRequest(this.target, signal, async (requestSignal) => {
      const filter = { metadata: { [METADATA_KEY]: key } };
      for await (const seen of this.#sdk.fineTuning.jobs.list(filter, { signal: requestSignal })) {
        const job = this.#read(jobSchema, seen);
        // Servers that do not know the filter give all jobs.
        if (job.metadata?.[METADATA_KEY] === key) return job;
      }
      return undefined;
    });
  }

  async createJob(job: NewFineTuningJob, signal?: AbortSignal): Promise<FineTuningJob> {
    return sendRequest(this.target, signal, async (requestSignal) => {
      const created = await this.#sdk.fineTuning.jobs.create(
        {
          model: job.model,
          training_file: job.trainingFile,
          ...(job.validationFile === null ? {} : { validation_file: job.validationFile }),
          seed: ((job.seed % MAX_SEED) + MAX_SEED) % MAX_SEED,
          suffix: job.key.slice(0, SUFFIX_CHARACTERS),
          method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: job.epochs } } },
          metadata: { [METADATA_KEY]: job.key },
        },
        { signal: requestSignal, headers: { 'Idempotency-Key': job.key } },
      );
      return this.#read(jobSchema, created);
    });
  }

  async retrieveJob(id: string, signal?: AbortSignal): Promise<FineTuningJob> {
    try {
      return await sendRequest(this.target, signal, async (requestSignal) =>
        this.#read(jobSchema, await this.#sdk.fineTuning.jobs.retrieve(id, { signal: requestSignal })),
      );
    } catch (error) {
      if (!(error instanceof ProviderError) || error.status !== 404) throw error;
      throw new ProviderError(`There is no fine-tuning job ${id} at ${this.target.baseUrl} (404).`, error, {
        hint: `Is the key in ${this.target.keySource} of the project that the job was created in?`,
      });
    }
  }

  #read<T>(schema: z.ZodType<T>, received: unknown): T {
    const result = schema.safeParse(received);
    if (!result.success) throw unreadableReply(this.target, received);
    return result.data;
  }
}
