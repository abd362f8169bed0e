import { type Conversation, requestText } from '../../domain/conversation.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { encodeJsonArray } from '../record-codec.ts';
import { alpacaFormat } from './alpaca.ts';
import { shareGptPrompt, shareGptRecord } from './sharegpt.ts';
import { hasContextIn, identified, type TrainingFile, type TrainingFormat } from './training-format.ts';

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
    const layout = llamaFactoryLayout([...split.train, ...split.heldOut]);
    const record = layout.isShareGpt
      ? shareGptRecord
      : (example: LabeledExample) => ({ ...layout.prompt(example), output: example.response });
    const files = alpacaFormat.files(split).map(({ name }, file) => {
      const examples = file === 0 ? split.train : split.heldOut;
      return {
        name,
        content: encodeJsonArray(examples.map((example) => identified(record(example), example, withIds))),
      };
    });
    const answer: Record<string, string> = layout.isShareGpt ? {} : { response: 'output' };
    const about = { ...layout.about, columns: { ...layout.about.columns, ...answer } };
    return [...files, datasetIndex(Object.fromEntries(files.map(({ name }, file) => [DATASETS[file]!, name])), about)];
  },
};

/** How LLaMA-Factory is told of a dataset. */
interface DatasetDescription {
  readonly formatting?: 'sharegpt';
  readonly ranking?: true;
  /** The columns of the file by what LLaMA-Factory calls them. */
  readonly columns: Readonly<Record<string, string>>;
}

/** dataset_info.json. @param files by name of the dataset */
export function datasetIndex(files: Readonly<Record<string, string>>, about: DatasetDescription): TrainingFile {
  const datasets = Object.entries(files).map(([dataset, name]) => [dataset, { file_name: name, ...about }]);
  return { name: 'dataset_info.json', content: `${JSON.stringify(Object.fromEntries(datasets), null, 2)}\n` };
}

interface LlamaFactoryLayout {
  readonly isShareGpt: boolean;
  /** The columns of what is asked. */
  readonly prompt: (item: Conversation) => object;
  readonly about: DatasetDescription;
}

/** One layout for all items, since LLaMA-Factory reads a dataset by one description. */
export function llamaFactoryLayout(items: readonly Conversation[]): LlamaFactoryLayout {
  // LLaMA-Factory joins instruction and input by one line end. A served model is asked with a blank line between them, so
  // that it is trained on the same text the two are one field.
  const plain = (item: Conversation) => ({ instruction: requestText(item), input: '' });
  const columns = { prompt: 'instruction', query: 'input' };
  if (!hasContextIn(items)) return { isShareGpt: false, prompt: plain, about: { columns } };
  if (!items.every((item) => pairsOf(item))) {
    const about = { formatting: 'sharegpt', columns: { messages: 'conversations', tools: 'tools' } } as const;
    return { isShareGpt: true, prompt: shareGptPrompt, about };
  }
  const prompt = (item: Conversation) => ({ ...plain(item), ...pairsOf(item) });
  return { isShareGpt: false, prompt, about: { columns: { ...columns, system: 'system', history: 'history' } } };
}

/** The context as one system prompt and pairs of user and assistant; undefined where it is anything else. */
function pairsOf({ context }: Conversation): { system: string; history: [string, string][] } | undefined {
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
