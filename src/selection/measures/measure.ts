import type { MicroUsd } from '../../domain/money.ts';
import type { Stopped } from '../../domain/stop-reason.ts';
import type { CallCost } from '../../domain/usage.ts';

/**
 * What can be known of an instruction as a number. Criteria of judges (`accuracy`, `helpfulness` and
 * `response-quality` of an instruction with its response, `quality` and `complexity` of it alone); `likelihood`, its
 * mean token log-probability; `open-endedness`, how varied answers to it are; `field`, a number its record came with.
 */
export const MEASURES = [
  'quality',
  'complexity',
  'accuracy',
  'helpfulness',
  'response-quality',
  'likelihood',
  'open-endedness',
  'field',
] as const;
export type MeasureName = (typeof MEASURES)[number];

/** Whether it is about an instruction with its response. */
export function isResponseMeasure(name: MeasureName): boolean {
  return name === 'accuracy' || name === 'helpfulness' || name === 'response-quality';
}

/** Gives instructions a number each. What was paid for is not paid for again. */
export interface Measure {
  /** Who measures and how; values of another name do not compare. Part of a run's identity. */
  readonly name: string;
  /** Who measures, for people: without address, prompt, version and limits. */
  readonly shortName: string;
  /** Lowest and highest value there can be; ±∞ where there is no bound. */
  readonly scale: { readonly min: number; readonly max: number };
  /**
   * What measuring these with the same generation will take; what is measured already takes nothing. Long lists are
   * gone through piece by piece, so that others have their turn.
   * @throws the signal's reason
   */
  estimate(
    positions: readonly number[],
    options: {
      readonly generation: number;
      readonly signal?: AbortSignal | undefined;
      readonly onEstimated?: ((done: number) => void) | undefined;
    },
  ): Promise<CallCost>;
  /**
   * Never throws for what ends a run in good order: a cap, an interrupt or a provider that cannot be used stops it, and
   * what has been measured is returned.
   * @param options.generation raised by one to try again what got no usable value; all that had one stays as it is
   */
  measure(
    positions: readonly number[],
    options: {
      readonly generation: number;
      readonly signal?: AbortSignal | undefined;
      readonly onMeasured?: ((done: number) => void) | undefined;
    },
  ): Promise<Measured>;
}

/** Arrays are parallel to the positions asked about. */
export interface Measured {
  /** NaN where no usable value came. */
  readonly values: Float64Array;
  /** What the judge said, or what the number is; absent where there is nothing to say or no value. */
  readonly reasons: readonly (string | undefined)[];
  /** What each took in fact, failures included. */
  readonly costMicroUsd: readonly MicroUsd[];
  /** Responses that were written to be judged, where there were none; absent where nothing was. */
  readonly drafts?: readonly (string | undefined)[];
  /** The model snapshot that measured; null where none did. */
  readonly model: string | null;
  /** What got no usable value, and why: those are never given one. */
  readonly failed: readonly { readonly position: number; readonly failure: string }[];
  /** Not measured, because of `stopped`. */
  readonly unmeasured: number;
  readonly stopped?: Stopped;
}
