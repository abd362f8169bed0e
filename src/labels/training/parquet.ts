import type { LabeledExample } from '../../domain/label.ts';
import type { TrainingFile, TrainingFormat } from './training-format.ts';

/** Parquet files with the names by which Hugging Face Datasets finds its splits. */
export const parquetFormat: TrainingFormat = {
  name: 'parquet',
  summary: 'Hugging Face Datasets: Parquet, with a train and a test split',
  source: 'https://huggingface.co/docs/hub/datasets-file-names-and-splits',
  files({ train, heldOut }) {
    return [parquetFile('train', train), ...(heldOut.length === 0 ? [] : [parquetFile('test', heldOut)])];
  },
};

function parquetFile(split: 'train' | 'test', examples: readonly LabeledExample[]): TrainingFile {
  const records = examples.map(({ id, instruction, input = '', response }) => ({
    id,
    instruction,
    input,
    output: response,
  }));
  return { name: `data/${split}-00000-of-00001.parquet`, content: { records } };
}
