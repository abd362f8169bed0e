import type { Correction } from '../../domain/label.ts';
import { encodeJsonArray } from '../record-codec.ts';
import { datasetIndex, llamaFactoryLayout } from '../training/llama-factory.ts';
import { shareGptAnswer } from '../training/sharegpt.ts';
import { identified } from '../training/training-format.ts';
import type { CorrectionFormat } from './correction-format.ts';
import { isPair } from './substance.ts';

const DATASETS = ['winnow_preference', 'winnow_preference_held_out'];
const CHOICE = { chosen: 'chosen', rejected: 'rejected' };

/** Pairs in the layout of the training data beside them, with `ranking` in dataset_info.json. */
export const llamaFactoryPreferenceFormat: CorrectionFormat = {
  name: 'llama-factory-preference',
  summary: 'LLaMA-Factory: pairs of chosen and rejected, and dataset_info.json',
  source: 'https://llamafactory.readthedocs.io/en/latest/getting_started/data_preparation.html#preference-dataset',
  takes: isPair,
  files({ train, heldOut }, { withIds } = {}) {
    const { prompt, isShareGpt, about } = llamaFactoryLayout([...train, ...heldOut]);
    const answered = (text: string) => (isShareGpt ? shareGptAnswer(text) : text);
    const record = (correction: Correction) =>
      identified(
        { ...prompt(correction), chosen: answered(correction.response ?? ''), rejected: answered(correction.answer) },
        correction,
        withIds,
      );
    const sets = { 'train.json': train, ...(heldOut.length === 0 ? {} : { 'held-out.json': heldOut }) };
    const files = Object.entries(sets).map(([name, pairs]) => ({ name, content: encodeJsonArray(pairs.map(record)) }));
    const datasets = Object.fromEntries(files.map(({ name }, file) => [DATASETS[file]!, name]));
    return [...files, datasetIndex(datasets, { ...about, ranking: true, columns: { ...about.columns, ...CHOICE } })];
  },
};
