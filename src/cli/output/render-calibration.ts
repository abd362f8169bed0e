import type { CampaignCalibration } from '../../campaign/judge-calibration.ts';
import { colors } from './colors.ts';
import { plural } from './format.ts';

const DECIDED = { answers: 'draft', instructions: 'instruction' };

/** How far a judge agrees with people, beside length, and what follows from it: two short lines. */
export function describeCalibration(calibration: CampaignCalibration): [string, string][] {
  const { of, judgments, agreement, lengthAgreement, threshold, noBetterThanLength } = calibration;
  const told = `agrees with people in ${percent(agreement)}, length in ${percent(lengthAgreement)}, on ${plural(judgments, DECIDED[of])}`;
  const advice = noBetterThanLength
    ? colors.yellow('The judge is no better than length: use another one.')
    : `A threshold of ${threshold.toFixed(1)} fits their decisions best.`;
  return [
    ['judge', told],
    ['', advice],
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
