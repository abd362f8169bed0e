import { embeddingText } from '../../domain/instruction.ts';
import { textFormat } from './training-format.ts';

/** The input follows the instruction after a blank line. */
export const shareGptFormat = textFormat({
  name: 'sharegpt',
  summary: 'ShareGPT: conversations of human and gpt',
  source: 'https://llamafactory.readthedocs.io/en/latest/getting_started/data_preparation.html#sharegpt',
  extension: '.json',
  record: (example) => ({
    conversations: [
      { from: 'human', value: embeddingText(example) },
      { from: 'gpt', value: example.response },
    ],
  }),
});
