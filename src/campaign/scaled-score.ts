import { NECESSITY } from '../selection/judges/criteria.ts';

/** A necessity score as a share of its scale, to four places. */
export function scaledScore(score: number): number {
  const { min, max } = NECESSITY.scale;
  return Math.round(((score - min) / (max - min)) * 10_000) / 10_000;
}
