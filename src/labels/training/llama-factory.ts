import { alpacaFormat } from './alpaca.ts';
import type { TrainingFormat } from './training-format.ts';

const COLUMNS = { prompt: 'instruction', query: 'input', response: 'output' };
const DATASETS = ['winnow', 'winnow_held_out'];

/** Alpaca files, and the index that LLaMA-Factory needs in its data folder: the datasets, their files and columns. */
export const llamaFactoryFormat: TrainingFormat = {
  name: 'llama-factory',
  summary: 'LLaMA-Factory: Alpaca and dataset_info.json',
  source: 'https://llamafactory.readthedocs.io/en/latest/getting_started/data_preparation.html',
  files(split) {
    const files = alpacaFormat.files(split);
    const datasets = files.map(({ name }, file) => [DATASETS[file]!, { file_name: name, columns: COLUMNS }]);
    const index = JSON.stringify(Object.fromEntries(datasets), null, 2);
    return [...files, { name: 'dataset_info.json', content: `${index}\n` }];
  },
};
