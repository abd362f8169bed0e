import { requestText } from '../../domain/conversation.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { encodeJsonArray } from '../record-codec.ts';
import { alpacaFormat } from './alpaca.ts';
import { shareGptRecord } from './sharegpt.ts';
import { hasContextIn, identified, type TrainingFormat } from './training-format.ts';

const COLUMNS = { prompt: 'instruction', query: 'input', response: 'output' };
const CHAT_COLUMNS = { ...COLUMNS, system: 'system', history: 'history' };
const SHAREGPT = { formatting: 'sharegpt', columns: { messages: 'conversations', tools: 'tools' } };
const DATASETS = ['winnow', 'winnow_held_out'];

/**
 * Alpaca files, and the index that LLaMA-Factory needs in its data folder: the datasets, their files and columns.
 * Conversations have the columns `system` and `history`; with tools, or turns that are no pairs, they are ShareGPT files.
 */
export const llamaFactoryFormat: TrainingFormat = {
  name: 'llama-factory',
  summary: 'LLaMA-Factory: Alpaca (ShareGPT with tools) and dataset_info.json',
  source: 'https://llamafactory.readthedocs.io/en/latest/getting_started/data_preparation.html',
  files(split, { withIds } = {}) {
    const { record, about } = layoutFor([...split.train, ...split.heldOut]);
    const files = alpacaFormat.files(split).map(({ name }, file) => {
      const examples = file === 0 ? split.train : split.heldOut;
      return {
        name,
        content: encodeJsonArray(examples.map((example) => identified(record(example), example, withIds))),
      };
    });
    const datasets = files.map(({ name }, file) => [DATASETS[file]!, { file_name: name, ...about }]);
    const index = JSON.stringify(Object.fromEntries(datasets), null, 2);
    return [...files, { name: 'dataset_info.json', content: `${index}\n` }];
  },
};

/** One layout for all examples, since LLaMA-Factory reads a dataset by one description. */
function layoutFor(examples: readonly LabeledExample[]): {
  readonly record: (example: LabeledExample) => object;
  readonly about: object;
} {
  // LLaMA-Factory joins instruction and input by one line end. A served model is asked with a blank line between them, so
  // that it is trained on the same text the two are one field.
  const plain = (example: LabeledExample) => ({
    instruction: requestText(example),
    input: '',
    output: example.response,
  });
  if (!hasContextIn(examples)) return { record: plain, about: { columns: COLUMNS } };
  if (!examples.every((example) => pairsOf(example))) return { record: shareGptRecord, about: SHAREGPT };
  const record = (example: LabeledExample) => ({ ...plain(example), ...pairsOf(example) });
  return { record, about: { columns: CHAT_COLUMNS } };
}

/** The context as one system prompt and pairs of user and assistant; undefined where it is anything else. */
function pairsOf({ context }: LabeledExample): { system: string; history: [string, string][] } | undefined {
  const { before = [], after, tools } = context ?? {};
  if (after !== undefined || tools !== undefined) return undefined;
  const system = before[0]?.role === 'system' ? before[0].text : '';
  const turns = before.slice(before[0]?.role === 'system' ? 1 : 0);
  const alternates = turns.every(({ role, toolCalls }, turn) => {
    return toolCalls === undefined && role === (turn % 2 === 0 ? 'user' : 'assistant');
  });
  if (!alternates || turns.length % 2 !== 0) return undefined;
  const history = turns.flatMap(({ text }, turn): [string, string][] =>
    turn % 2 === 0 ? [[text, turns[turn + 1]!.text]] : [],
  );
  return { system, history };
}
