import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CampaignCalibration } from '../../../src/campaign/judge-calibration.ts';
import { describeCalibration } from '../../../src/cli/output/render-calibration.ts';

const CALIBRATION: CampaignCalibration = {
  judge: 'offline-judge-1, necessity, by minilm',
  of: 'answers',
  judgments: 94,
  approved: 40,
  agreement: 0.708,
  lengthAgreement: 0.611,
  gain: { low: 0.01, high: 0.18 },
  noBetterThanLength: false,
  map: { kind: 'logistic', points: [{ score: 5, probability: 0.5 }] },
  threshold: 5.24,
  reliability: [],
};

const told = (changes: Partial<CampaignCalibration>) =>
  describeCalibration({ ...CALIBRATION, ...changes }).map((line) => line.map(stripVTControlCharacters));

describe('how far a judge agrees with people', () => {
  it('is told beside length, with the threshold that fits', () => {
    expect(told({})).toEqual([
      ['judge', 'agrees with people in 71 %, length in 61 %, on 94 drafts'],
      ['', 'A threshold of 5.2 fits their decisions best.'],
    ]);
    expect(told({ of: 'instructions' })[0]![1]).toMatch(/on 94 instructions$/);
  });

  it('is an alarm where length does as well', () => {
    const [, [, advice]] = told({ noBetterThanLength: true }) as [string[], [string, string]];
    expect(advice).toBe('The judge is no better than length: use another one.');
  });
});
