import { conversationText } from '../domain/conversation.ts';
import { TrainingError } from '../domain/errors.ts';
import type { MicroUsd } from '../domain/money.ts';
import { modelTokens } from '../models/metering/model-tokens.ts';
import { openAiProvider } from '../models/providers/openai.ts';
import { FineTuningApi } from './fine-tuning-api.ts';
import { FineTuningSubmission, type OpenAiFineTuningOptions, trainingCost } from './fine-tuning-submission.ts';
import type { Trainer, TrainingJob } from './trainer.ts';

/** What the provider asks for. */
const LEAST_EXAMPLES = 10;

/**
 * Fine-tunes through OpenAI's API, or one that speaks it. The training file must be in the `openai` format.
 *
 * It never submits twice: ids are kept as soon as they are known, and before anything is uploaded or
 * created it looks for what an earlier try may have left, files by name and size, the job by our key in
 * its metadata. Where an earlier request may have created the job, it looks for several minutes, and the server gets
 * the same idempotency key again. Failed requests are made again. A job that failed or was cancelled is a TrainingError;
 * the next call submits a new one, under a key with the number of the attempt.
 *
 * Both signals leave the job running, and billed: who wants to end it cancels it at the provider.
 * @throws UsageError without a key
 */
export function openAiFineTuningTrainer(options: OpenAiFineTuningOptions): Trainer {
  const api = new FineTuningApi(options);
  const tokens = modelTokens(options.model, openAiProvider.tokenMargins);
  const worstCaseMicroUsd = ({ examples }: Pick<TrainingJob, 'examples'>): MicroUsd => {
    return trainingCost(tokens.mostInput(trainedTexts(examples)) * options.epochs, options.trainingPrice);
  };
  return {
    name: 'openai',
    worstCaseMicroUsd,
    async check({ signal } = {}) {
      await api.listJobs(signal);
      return 'takes the key and lists trainings';
    },
    async train(job, memory, signals = {}) {
      if (job.examples.length < LEAST_EXAMPLES) {
        throw new TrainingError(
          `Fine-tuning takes at least ${LEAST_EXAMPLES} examples, and there are ${job.examples.length}.`,
          { hint: 'Import more labels, or use another trainer for this round.' },
        );
      }
      const submission = new FineTuningSubmission(api, options, job, memory, signals);
      const counted = trainedTexts(job.examples).reduce((sum, text) => sum + tokens.count(text), 0) * options.epochs;
      return submission.result(await submission.untilEnd(), { counted, worstCaseMicroUsd: worstCaseMicroUsd(job) });
    },
  };
}

function trainedTexts(examples: TrainingJob['examples']): string[] {
  return examples.flatMap((example) => [conversationText(example), example.response]);
}
