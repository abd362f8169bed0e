import { setImmediate } from 'node:timers/promises';
import pLimit from 'p-limit';
import { FilteredError, NoValueError, ReplyError } from '../../domain/errors.ts';
import type { MicroUsd } from '../../domain/money.ts';
import { stoppedBy } from '../../domain/stop-reason.ts';
import { type CallCost, NO_CALLS, sumCallCosts } from '../../domain/usage.ts';
import type { FailedItem, Measure, Measured } from './measure.ts';

/** One value, with its cost. */
export interface ItemValue {
  readonly value: number;
  readonly reason?: string;
  readonly model: string | null;
  readonly costMicroUsd: MicroUsd;
  /** The response that was written to be judged. */
  readonly draft?: string;
  readonly tags?: readonly string[];
}

export interface ItemMeasureOptions extends Pick<Measure, 'name' | 'shortName' | 'scale' | 'isScore'> {
  /** Most items worth measuring at once. */
  readonly concurrency: number;
  /** @param options.generation the last that it will be measured in */
  estimate(position: number, options: { readonly generation: number }): CallCost;
  /**
   * @throws ReplyError | NoValueError when this item gets no usable value
   * @throws BudgetExceededError | ProviderError, or the signal's reason, when measuring cannot continue
   */
  measure(
    position: number,
    options: { readonly generation: number; readonly signal?: AbortSignal | undefined },
  ): Promise<ItemValue>;
}

/** Items between two checks of the signal: a few hundred milliseconds of counting tokens. */
const ESTIMATES_AT_A_TIME = 256;

/** A measure of single items, several of them at once. */
export function itemMeasure({ name, shortName, scale, isScore, concurrency, ...item }: ItemMeasureOptions): Measure {
  return {
    name,
    shortName,
    scale,
    isScore,
    estimate: async (positions, { generation, signal, onEstimated }) => {
      let sum = NO_CALLS;
      for (let done = 0; done < positions.length; ) {
        signal?.throwIfAborted();
        const some = positions.slice(done, done + ESTIMATES_AT_A_TIME);
        sum = sumCallCosts([sum, ...some.map((position) => item.estimate(position, { generation }))]);
        done += some.length;
        onEstimated?.(done);
        await setImmediate();
      }
      return sum;
    },
    measure: async (positions, { generation, signal, onMeasured }) => {
      const limit = pLimit(Math.max(1, concurrency));
      const values = new Float64Array(positions.length).fill(Number.NaN);
      const reasons: (string | undefined)[] = positions.map(() => undefined);
      const costMicroUsd = positions.map(() => 0);
      const drafts: (string | undefined)[] = positions.map(() => undefined);
      const tags: (readonly string[] | undefined)[] = positions.map(() => undefined);
      const failures = new Map<number, Omit<FailedItem, 'position'>>();
      const models = new Set<string>();
      let done = 0;
      let stopped: Measured['stopped'];
      await Promise.all(
        positions.map((position, row) =>
          limit(async () => {
            if (stopped) return;
            try {
              const measured = await item.measure(position, { generation, signal });
              values[row] = measured.value;
              reasons[row] = measured.reason;
              costMicroUsd[row] = measured.costMicroUsd;
              drafts[row] = measured.draft;
              tags[row] = measured.tags;
              if (measured.model !== null) models.add(measured.model);
            } catch (error) {
              if (!(error instanceof ReplyError || error instanceof NoValueError)) {
                stopped ??= stoppedBy(error, signal);
                return;
              }
              const isRefused = error instanceof FilteredError;
              failures.set(row, { failure: error.message, ...(isRefused ? { isRefused } : {}) });
              costMicroUsd[row] = error instanceof ReplyError ? error.costMicroUsd : 0;
            }
            done += 1;
            onMeasured?.(done);
          }),
        ),
      );
      return {
        values,
        reasons,
        costMicroUsd,
        model: models.size === 0 ? null : [...models].sort().join(', '),
        failed: positions.flatMap((position, row) => {
          const failure = failures.get(row);
          return failure === undefined ? [] : [{ position, ...failure }];
        }),
        unmeasured: positions.length - done,
        ...(drafts.some((draft) => draft !== undefined) ? { drafts } : {}),
        ...(tags.some((own) => own !== undefined) ? { tags } : {}),
        ...(stopped ? { stopped } : {}),
      };
    },
  };
}
