import { textFormat } from './training-format.ts';

export const alpacaFormat = textFormat({
  name: 'alpaca',
  summary: 'Alpaca: instruction, input and output',
  source: 'https://github.com/tatsu-lab/stanford_alpaca#data-release',
  extension: '.json',
  record: ({ instruction, input = '', response }) => ({ instruction, input, output: response }),
});
