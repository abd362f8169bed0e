import { chatMessages, openAiMessages } from '../../domain/chat-messages.ts';
import { contextText } from '../../domain/conversation.ts';
import type { JsonObject } from '../../domain/instruction.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { hasContextIn, type TrainingFile, type TrainingFormat } from './training-format.ts';

/**
 * Parquet files with the names by which Hugging Face Datasets finds its splits. Where any example is a conversation, the
 * column `context` has what was said before as readable text, and `messages` all of it as the JSON of chat messages.
 */
export const parquetFormat: TrainingFormat = {
  name: 'parquet',
  summary: 'Hugging Face Datasets: Parquet, with a train and a test split',
  source: 'https://huggingface.co/docs/hub/datasets-file-names-and-splits',
  files({ train, heldOut }) {
    const chats = hasContextIn([...train, ...heldOut]);
    return [parquetFile('train', train, chats), ...(heldOut.length === 0 ? [] : [parquetFile('test', heldOut, chats)])];
  },
};

function parquetFile(split: 'train' | 'test', examples: readonly LabeledExample[], chats: boolean): TrainingFile {
  const records = examples.map((example): JsonObject => {
    const { id, instruction, input = '', response } = example;
    const messages = [...openAiMessages(chatMessages(example)), { role: 'assistant', content: response }];
    const chat: JsonObject = chats ? { context: contextText(example) ?? '', messages: JSON.stringify(messages) } : {};
    return { id, instruction, input, output: response, ...chat };
  });
  return { name: `data/${split}-00000-of-00001.parquet`, content: { records } };
}
