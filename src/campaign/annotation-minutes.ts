import { embeddingText } from '../domain/instruction.ts';
import { expectedMinutes, learnMinutes, type MinutesModel } from '../math/minutes-model.ts';
import { mean } from '../math/statistics.ts';
import type { CampaignContext } from './campaign-context.ts';
import { personOf } from './label-views.ts';
import { labelingState } from './labeling-state.ts';

type Context = Pick<CampaignContext, 'state' | 'config' | 'instructions'>;

/** How long people take for items, from the time they have recorded; undefined until there is enough of it. */
export function minutesModel({ state, config, instructions }: Context): MinutesModel | undefined {
  const items = instructions();
  const most = 60 * config.labels.mostMinutes;
  return learnMinutes(
    state.labels.annotations().flatMap((annotation) => {
      const { seconds, position, verdict } = annotation;
      if (seconds === null || seconds <= 0 || verdict !== 'accepted') return [];
      const length = embeddingText(items[position]!).length;
      return [{ person: personOf(annotation), minutes: Math.min(seconds, most) / 60, length }];
    }),
  );
}

/** Expected minutes of each position, for one person's answer; undefined until they can be learned. */
export function minutesOf(context: Context, positions: readonly number[]): Float64Array | undefined {
  const model = minutesModel(context);
  if (model === undefined) return undefined;
  const items = context.instructions();
  return Float64Array.from(positions, (position) => expectedMinutes(model, embeddingText(items[position]!).length));
}

/** What is left of budget.minutes, and what one more item takes. */
export interface MinutesRoom {
  readonly cap: number;
  readonly used: number;
  /** Expected of items that are out for labels. */
  readonly awaited: number;
  /** Expected of one further item, by all its annotators; 0 until it can be learned. */
  readonly perItem: number;
}

/** Undefined without budget.minutes. @param positions what may be chosen */
export function minutesRoom(context: Context, positions: readonly number[]): MinutesRoom | undefined {
  const { state, config } = context;
  const { minutes: cap } = config.budget;
  if (cap === undefined) return undefined;
  const people = config.labels.annotators + config.labels.overlap;
  const { handedOut, awaited } = labelingState(state, config.labels);
  const open = [...new Set(handedOut.map(({ round }) => round))].flatMap((round) =>
    awaited(round).map(({ position }) => position),
  );
  const sum = (values: Float64Array | undefined) => [...(values ?? [])].reduce((total, value) => total + value, 0);
  const used = state.labels.annotations().reduce((total, { seconds }) => total + (seconds ?? 0) / 60, 0);
  const each = minutesOf(context, positions);
  return {
    cap,
    used,
    awaited: people * sum(minutesOf(context, open)),
    perItem: each === undefined || each.length === 0 ? 0 : people * mean([...each]),
  };
}

/** How many further items fit; Infinity while their time is not known. */
export function itemsInTime(room: MinutesRoom | undefined): number {
  if (room === undefined) return Number.POSITIVE_INFINITY;
  const left = room.cap - room.used - room.awaited;
  if (left <= 0) return 0;
  return room.perItem === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / room.perItem);
}
