import type { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import type { LabeledExample } from '../domain/label.ts';
import type { OptionsSchema } from '../domain/options.ts';
import type { ModelRecord } from '../domain/round.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import type { Asker } from '../models/asker.ts';
import type { Embedder } from '../models/embedders/embedder.ts';
import type { ProviderSettings } from '../models/providers/provider-settings.ts';
import type { SeedModel } from './seed-model.ts';
import type { Trainer } from './trainer.ts';

/**
 * A kind of trainer: everything winnow.yaml, the command line, the library and the docs know about it. A new one is one
 * file with such an object and one line of the registry.
 */
export interface TrainerDefinition {
  /** As `trainer.kind` in winnow.yaml names it. */
  readonly name: string;
  /** One line for help and docs. */
  readonly summary: string;
  /** Where it is documented: a URL. Absent for what is our own. */
  readonly source?: string;
  /** Keys of `trainer` in winnow.yaml besides `kind`. */
  readonly options: OptionsSchema;
  /** The environment variable that the key of the trained models' server is read from. Absent: they need no key. */
  readonly keyVariable?: string;
  /** The provider whose API its models are asked through, where it is always the same. */
  readonly servedBy?: string;
  /** Whether asking its models needs its options: their server, prices, limits. */
  readonly modelNeedsOptions: boolean;
  /** True for trainers whose models are their examples: training and asking them costs nothing and takes no time. */
  readonly isImmediate?: true;
  /** The training format of its files. With a default, the user chooses: `trainer.format` in winnow.yaml. */
  readonly format: string | { readonly default: string };
  /** Opens a trainer. What takes long to load is loaded here and not before. */
  open(options: unknown, settings: TrainerSettings): Promise<Trainer>;
  /**
   * Opens a model that it has trained.
   * @param options undefined only where `modelNeedsOptions` is false
   * @throws TrainingError where the model cannot be asked
   */
  openModel(model: ModelRecord, options: unknown, tools: SeedModelTools): Promise<SeedModel>;
}

/** What trainers get besides their options. */
export interface TrainerSettings {
  /** Of the campaign; relative paths start here. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Deadline of one request. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What models may be opened with. */
export interface SeedModelTools {
  /** What the model was trained on, in that order. */
  readonly examples: readonly LabeledExample[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly maxOutputTokens: number;
  readonly temperature: number;
  /** Embeds texts of the pool from a cache. */
  embedder(): Promise<Embedder>;
  kernel(): Promise<MatrixKernel>;
  /** Asks a chat model under the caps of the campaign. */
  asker(settings: ProviderSettings): Promise<Asker>;
}

/** A definition whose functions get options of its own schema, as winnow.yaml has parsed them. */
export function defineTrainer<Schema extends OptionsSchema>(
  definition: Omit<TrainerDefinition, 'options' | 'open' | 'openModel'> & {
    readonly options: Schema;
    open(options: z.output<Schema>, settings: TrainerSettings): Promise<Trainer>;
    openModel(model: ModelRecord, options: z.output<Schema>, tools: SeedModelTools): Promise<SeedModel>;
  },
): TrainerDefinition {
  // They were parsed with the whole of winnow.yaml; parsing them again would convert amounts of money twice.
  const parsed = (options: unknown) => options as z.output<Schema>;
  return {
    ...definition,
    open: (options, settings) => definition.open(parsed(options), settings),
    openModel: (model, options, tools) => definition.openModel(model, parsed(options), tools),
  };
}
