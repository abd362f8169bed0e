import type { JsonObject } from '../../domain/instruction.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { isJsonLines, type TrainingFormat, type TrainingTextFormat, trainingFile } from './training-formats.ts';

/** A file to write: its text, or its records where the format is not text. */
export interface TrainingFile {
  /** With forward slashes, below the folder that is exported to. */
  readonly name: string;
  readonly content: string | { readonly records: readonly JsonObject[] };
}

/** Examples to train on and those that are held out; no example is in both. */
export interface TrainingSplit {
  readonly train: readonly LabeledExample[];
  readonly heldOut: readonly LabeledExample[];
}

/**
 * The files of a training set, in the order given: `train` and, if anything is held out, `held-out`; Parquet
 * by the names that Hugging Face finds its splits by; LLaMA-Factory with its index of datasets.
 */
export function trainingFiles(format: TrainingFormat, { train, heldOut }: TrainingSplit): TrainingFile[] {
  switch (format) {
    case 'parquet':
      return [parquetFile('train', train), ...(heldOut.length === 0 ? [] : [parquetFile('test', heldOut)])];
    case 'llama-factory':
      return llamaFactoryFiles(textFiles('alpaca', { train, heldOut }));
    default:
      return textFiles(format, { train, heldOut });
  }
}

function textFiles(format: TrainingTextFormat, { train, heldOut }: TrainingSplit): TrainingFile[] {
  const extension = isJsonLines(format) ? 'jsonl' : 'json';
  const files = [{ name: `train.${extension}`, content: trainingFile(format, train) }];
  if (heldOut.length > 0) files.push({ name: `held-out.${extension}`, content: trainingFile(format, heldOut) });
  return files;
}

function parquetFile(split: 'train' | 'test', examples: readonly LabeledExample[]): TrainingFile {
  const records = examples.map(({ id, instruction, input = '', response }) => ({
    id,
    instruction,
    input,
    output: response,
  }));
  return { name: `data/${split}-00000-of-00001.parquet`, content: { records } };
}

/** The index of LLaMA-Factory's data folder: what each file is called there, and what its columns are. */
function llamaFactoryFiles(files: readonly TrainingFile[]): TrainingFile[] {
  const columns = { prompt: 'instruction', query: 'input', response: 'output' };
  const names = ['winnow', 'winnow_held_out'];
  const index = Object.fromEntries(files.map(({ name }, file) => [names[file]!, { file_name: name, columns }]));
  return [...files, { name: 'dataset_info.json', content: `${JSON.stringify(index, null, 2)}\n` }];
}
