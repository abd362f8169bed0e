import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { TrainingError } from '../domain/errors.ts';
import type { MicroUsd } from '../domain/money.ts';
import { anySignal } from '../models/metering/abort-signals.ts';
import { type AttemptFiles, attemptFiles, readAttempt, startAttempt } from './command-attempt.ts';
import { commandResult, outputShown } from './command-result.ts';
import { lookForCommand } from './look-for-command.ts';
import { endGroup, type GroupLeader } from './process-group.ts';
import type { TrainedModel, Trainer, TrainingJob, TrainingMemory, TrainingOptions } from './trainer.ts';

export interface CommandTrainerOptions {
  /** For the shell, as the user wrote it. */
  readonly command: string;
  /** Where it runs: relative paths in it start here. */
  readonly workingFolder: string;
  /** All it gets beside the variables below; the command is the user's own, so a campaign gives it the whole environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** From its start, over our restarts. */
  readonly timeLimitMinutes: number;
  /** What one training can cost at most; undefined where that is not known. */
  readonly worstCaseMicroUsd: MicroUsd | undefined;
  /** What one costs that does not say so. Default: the worst case. */
  readonly usualMicroUsd?: MicroUsd;
  readonly clock: Clock;
  readonly pollEveryMs?: number;
  /** How long it may take to end when it is told to; then it is killed. */
  readonly graceMs?: number;
}

const POLL_EVERY_MS = 1_000;
const GRACE_MS = 10_000;

const notesSchema = z.object({
  trainer: z.literal('command'),
  attempt: z.int().positive(),
  /** When this attempt was begun; null before that. */
  startedAtMs: z.number().nullable(),
});
type Notes = z.infer<typeof notesSchema>;
const FIRST: Notes = { trainer: 'command', attempt: 1, startedAtMs: null };

/**
 * Trains by a command line, which gets by environment variables: WINNOW_TRAINING_FILE, WINNOW_HELD_OUT_FILE
 * (may hold no example), WINNOW_OUTPUT_FOLDER (exists, empty), WINNOW_ROUND, WINNOW_SEED and WINNOW_JOB (the
 * job's key). The last line of its standard output that is a JSON object names the model and may say where
 * it is served and what it cost: `{"model": "seed-r1", "baseUrl": "http://localhost:8000/v1", "costUsd": 0.4}`.
 *
 * It runs in a session of its own, under a small shell that writes down how it ended. So it goes on when
 * winnow ends, for any reason, and is found again by its folder, `attempt-<n>` in the job's: that holds the
 * output, the logs and who runs it. A command that was killed together with that shell, by a power cut say,
 * starts again in the next folder. Processes that it started in their own sessions, such as containers, are not stopped.
 */
export function commandTrainer(options: CommandTrainerOptions): Trainer {
  return {
    name: 'command',
    worstCaseMicroUsd: () => options.worstCaseMicroUsd,
    check: () => lookForCommand(options.command, options),
    async train(job, memory, signals = {}) {
      const attempt = await begin(job, memory, signals, options);
      return await new Watch(attempt, memory, signals, options).untilEnd();
    },
  };
}

interface Attempt {
  readonly number: number;
  readonly files: AttemptFiles;
  readonly startedAtMs: number;
}

/** The attempt under way or ended, else a new one. */
async function begin(
  job: TrainingJob,
  memory: TrainingMemory,
  { signal, abandon, onNote }: TrainingOptions,
  options: CommandTrainerOptions,
): Promise<Attempt> {
  const { clock } = options;
  let { attempt: number, startedAtMs } = notesSchema.safeParse(memory.load()).data ?? FIRST;
  let files = attemptFiles(job.folder, number);
  let state = await readAttempt(files);
  if (state.kind === 'died') {
    await endGroup(state.leader, { clock, graceMs: options.graceMs ?? GRACE_MS });
    onNote?.(`attempt ${number} of the training was killed from outside; attempt ${number + 1} begins`);
    number += 1;
    files = attemptFiles(job.folder, number);
    state = { kind: 'new' };
  }
  if (state.kind === 'new') {
    anySignal(signal, abandon)?.throwIfAborted();
    startedAtMs = clock.now();
    memory.save({ trainer: 'command', attempt: number, startedAtMs } satisfies Notes);
    await startAttempt(files, { ...options, environment: { ...options.environment, ...variables(job, files) } });
    onNote?.(`attempt ${number} of the training has begun; its log is ${files.stderr}`);
  }
  return { number, files, startedAtMs: startedAtMs ?? clock.now() };
}

function variables(job: TrainingJob, { output }: AttemptFiles): Record<string, string> {
  return {
    WINNOW_TRAINING_FILE: job.trainingFile,
    WINNOW_HELD_OUT_FILE: job.heldOutFile,
    WINNOW_OUTPUT_FOLDER: output,
    WINNOW_ROUND: String(job.round),
    WINNOW_SEED: String(job.seed),
    WINNOW_JOB: job.key,
  };
}

/** Waits for one attempt. */
class Watch {
  readonly #attempt: Attempt;
  readonly #memory: TrainingMemory;
  readonly #signals: TrainingOptions;
  readonly #options: CommandTrainerOptions;
  /** When this process began to watch, by a clock that only runs forward, and how long the attempt ran before that. */
  readonly #watchedFromMs: number;
  readonly #earlierMs: number;
  #minutesNoted = 0;

  constructor(attempt: Attempt, memory: TrainingMemory, signals: TrainingOptions, options: CommandTrainerOptions) {
    this.#attempt = attempt;
    this.#memory = memory;
    this.#signals = signals;
    this.#options = options;
    this.#watchedFromMs = options.clock.elapsed();
    this.#earlierMs = Math.max(0, options.clock.now() - attempt.startedAtMs);
  }

  async untilEnd(): Promise<TrainedModel> {
    const { clock, pollEveryMs = POLL_EVERY_MS, timeLimitMinutes } = this.#options;
    const { number, files } = this.#attempt;
    const { signal, abandon, onNote } = this.#signals;
    const stop = anySignal(signal, abandon);
    for (;;) {
      const state = await readAttempt(files);
      if (state.kind === 'ended') {
        const { exitCode, seconds } = state;
        if (exitCode !== 0) throw await this.#failure(`ended with exit code ${exitCode}`, exitHint(exitCode));
        return await this.#orFailure(
          commandResult(files, { attempt: number, seconds, usualMicroUsd: this.#usualMicroUsd() }),
        );
      }
      if (state.kind !== 'running') throw await this.#failure('was killed from outside');
      if (abandon?.aborted) {
        await this.#end(state.leader);
        this.#forget();
        throw abandon.reason;
      }
      if (signal?.aborted) {
        onNote?.('the training goes on; run the same command again to wait for it');
        throw signal.reason;
      }
      if (this.#minutes() >= timeLimitMinutes) {
        await this.#end(state.leader);
        const limit = `${timeLimitMinutes.toLocaleString('en-US')} min`;
        throw await this.#failure(`was ended after ${limit}, its time limit`, 'Raise trainer.timeLimitMinutes.');
      }
      this.#noteTime();
      // An abort is seen by the next turn.
      await clock.sleep(pollEveryMs, stop).catch(() => undefined);
    }
  }

  #minutes(): number {
    return (this.#earlierMs + this.#options.clock.elapsed() - this.#watchedFromMs) / 60_000;
  }

  #noteTime(): void {
    const minutes = Math.floor(this.#minutes());
    if (minutes <= this.#minutesNoted) return;
    this.#minutesNoted = minutes;
    this.#signals.onNote?.(`attempt ${this.#attempt.number} of the training: running, ${minutes} min`);
  }

  async #end(leader: GroupLeader): Promise<void> {
    const { clock, graceMs = GRACE_MS } = this.#options;
    await endGroup(leader, { clock, graceMs });
  }

  /** The next call begins a new attempt. */
  #forget(): void {
    const attempt = this.#attempt.number + 1;
    this.#memory.save({ trainer: 'command', attempt, startedAtMs: null } satisfies Notes);
  }

  async #failure(what: string, hint?: string): Promise<TrainingError> {
    const { files } = this.#attempt;
    const shown = await outputShown(files, this.#options.environment);
    this.#forget();
    return new TrainingError(`The training command ${what}. ${shown}`, {
      hint: [hint, `Its logs are in ${files.folder}. Run the same command again to retry.`].filter(Boolean).join(' '),
      costMicroUsd: this.#usualMicroUsd(),
    });
  }

  #usualMicroUsd(): MicroUsd {
    return this.#options.usualMicroUsd ?? this.#options.worstCaseMicroUsd ?? 0;
  }

  async #orFailure(result: Promise<TrainedModel | { readonly problem: string }>): Promise<TrainedModel> {
    const model = await result;
    if ('problem' in model) throw await this.#failure(model.problem);
    return model;
  }
}

function exitHint(exitCode: number): string | undefined {
  if (exitCode === 126 || exitCode === 127) return 'Check trainer.command: the shell could not run it.';
  if (exitCode === 137) return 'It was killed (SIGKILL), as programs are that take too much memory.';
  return undefined;
}
