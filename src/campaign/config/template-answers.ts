import type { MicroUsd } from '../../domain/money.ts';
import type { ModelPrice } from '../../domain/usage.ts';

/**
 * `selectllm`: an LLM chooses the seed round, later rounds cover the pool. `mods`: a quality filter, a k-center seed round,
 * then the failures by k-center. Without an LLM, both begin with facility location.
 */
export const PRESETS = ['selectllm', 'mods'] as const;

/** What `winnow init` asks. */
export interface TemplateAnswers {
  readonly preset: (typeof PRESETS)[number];
  /** Paths of pool files, at least one. */
  readonly pool: readonly string[];
  /** Modules with objects of the user's own. */
  readonly plugins?: readonly string[] | undefined;
  /** Default `offline`. */
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** Of models the price table does not know. */
  readonly price?: ModelPrice | undefined;
  /** The model behind a deployment or a proxy, as the price table has it. */
  readonly pricedAs?: string | undefined;
  /** How many instructions people label in all. Default 500. */
  readonly labels?: number | undefined;
  /** The cap on everything. Default $10. */
  readonly totalMicroUsd?: MicroUsd | undefined;
  readonly trainer?: TrainerAnswer | undefined;
}

export type TrainerAnswer =
  | { readonly kind: 'retrieval' | 'nearest-neighbour' }
  /** One of a plugin. */
  | { readonly kind: 'own'; readonly name: string }
  | { readonly kind: 'command'; readonly command: string; readonly worstCaseMicroUsd: MicroUsd }
  | {
      readonly kind: 'openai';
      readonly model: string;
      /** Per million training tokens. */
      readonly trainingMicroUsd: MicroUsd;
      readonly price: ModelPrice;
    };
