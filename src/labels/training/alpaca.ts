import { contextText } from '../../domain/conversation.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { textFormat } from './training-format.ts';

/** The format knows no turns: what was said before is readable text before the instruction. */
export const alpacaFormat = textFormat({
  name: 'alpaca',
  summary: 'Alpaca: instruction, input and output',
  source: 'https://github.com/tatsu-lab/stanford_alpaca#data-release',
  extension: '.json',
  record: (example) => ({
    instruction: flatInstruction(example),
    input: example.input ?? '',
    output: example.response,
  }),
});

function flatInstruction(example: LabeledExample): string {
  const context = contextText(example);
  return context === undefined ? example.instruction : `${context}\n\nUser: ${example.instruction}`;
}
