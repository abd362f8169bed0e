import { Registry } from '../../domain/registry.ts';
import { CRITERIA } from '../judges/criteria.ts';
import { earlierTurnsMeasureKind } from './earlier-turns-measure.ts';
import { fieldMeasureKind } from './field-measure.ts';
import { ifdMeasureKind } from './ifd-measure.ts';
import { judgedMeasureKind } from './judge-measure.ts';
import { likelihoodMeasureKind } from './likelihood-measure.ts';
import type { MeasureKind } from './measure.ts';
import { openEndednessMeasureKind } from './open-endedness-measure.ts';
import { tagsMeasureKind } from './tags-measure.ts';
import { uncertaintyMeasureKind } from './uncertainty-measure.ts';

/** Every measure that a strategy may use: the criteria of judges and the others. Add a new one here. */
export const MEASURES = new Registry<MeasureKind>('measure', [
  ...[...CRITERIA].map(judgedMeasureKind),
  earlierTurnsMeasureKind,
  likelihoodMeasureKind,
  ifdMeasureKind,
  openEndednessMeasureKind,
  tagsMeasureKind,
  uncertaintyMeasureKind,
  fieldMeasureKind,
]);
