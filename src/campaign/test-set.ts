import type { DrawnItem } from '../domain/round.ts';
import type { Stratum } from '../math/stratified.ts';
import type { CampaignState } from '../store/campaign-state.ts';

/** The items of the test set by position, whether they are labeled or not. Empty in a campaign without one. */
export function testItems({ draws }: Pick<CampaignState, 'draws'>): ReadonlyMap<number, DrawnItem> {
  return new Map(draws.all().flatMap((item) => (item.purpose === 'test' ? [[item.position, item]] : [])));
}

/** Positions that rounds drew as controls, with the round that drew them last. */
export function controlItems({ draws }: Pick<CampaignState, 'draws'>): ReadonlyMap<number, number> {
  return new Map(
    draws.all().flatMap(({ purpose, position, round }) => (purpose === 'control' ? [[position, round]] : [])),
  );
}

/** Something of a test item, such as a score. */
export interface TestValue {
  /** Absent for items of files, which are all of one stratum. */
  readonly item?: DrawnItem | undefined;
  readonly value: number;
}

/** Groups values by the stratum they were drawn from, for estimates that weigh each by its size. */
export function asStrata(values: readonly TestValue[]): Stratum[] {
  const strata = new Map<string, { size: number; values: number[] }>();
  for (const { item, value } of values) {
    const key = item === undefined ? '' : `${item.round} ${item.stratum}`;
    const stratum = strata.get(key) ?? { size: item?.stratumSize ?? 1, values: [] };
    stratum.values.push(value);
    strata.set(key, stratum);
  }
  return [...strata.values()];
}
