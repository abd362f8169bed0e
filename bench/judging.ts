import { fileURLToPath } from 'node:url';
import type { Instruction } from '../src/domain/instruction.ts';
import { jsonSchemaOf } from '../src/domain/options.ts';
import { countTokens } from '../src/models/metering/token-count.ts';
import { CURRENT_EDITION, loadPrompt, SECOND_EDITION } from '../src/models/prompt-template.ts';
import { readPool } from '../src/records/read-pool.ts';
import { CRITERIA, type Criterion } from '../src/selection/judges/criteria.ts';
import { itemForm } from '../src/selection/judges/item-form.ts';
import { outputTokens } from '../src/selection/judges/llm-judge.ts';
import { judgmentSchema } from '../src/selection/judges/parse-judgment.ts';
import { shownItem, shownTexts } from '../src/selection/judges/shown-item.ts';
import type { Benchmark, Measurement } from './benchmark.ts';

/** What output costs, as a multiple of input. */
const OUTPUT_PRICE = 4;
const ITEM_TOKENS = 2_000;
/** A usual draft and usual tags. */
const DRAFT_TOKENS = 250;
const TAGS = {
  json: '{"tags": ["summarization", "world history", "two sentences"]}',
  plain: 'summarization, world history, two sentences',
};

interface Tokens {
  readonly input: number;
  readonly output: number;
}

/**
 * Tokens a judgment, a draft and tags, by the o200k tokenizer, over the demo pool, or the files that follow `--tokens-of`:
 * by the prompts of today and those before them. The texts of an item are part of the input; the output is a reason as long as
 * the prompt allows.
 */
export const judgingBenchmark: Benchmark = {
  name: 'judging',
  run: async () => {
    const named = process.argv.indexOf('--tokens-of');
    const file = named < 0 ? fileURLToPath(new URL('../data/pool.jsonl', import.meta.url)) : process.argv[named + 1]!;
    const { instructions } = await readPool([file]);
    const judged = [...CRITERIA].map((criterion) => {
      const items =
        criterion.of === 'response' ? instructions.filter(({ output }) => output !== undefined) : instructions;
      return row(`judging ${criterion.name}`, items, (item, edition) => judging(item, criterion, edition));
    });
    return [...judged, row('a draft', instructions, drafting), row('tags', instructions, tagging)];
  },
};

function row(
  what: string,
  items: readonly Instruction[],
  of: (item: Instruction, edition: number) => Tokens,
): Measurement {
  const start = performance.now();
  const [now, before] = [CURRENT_EDITION, SECOND_EDITION].map((edition) => {
    const all = items.map((item) => of(item, edition));
    const mean = (part: keyof Tokens) => all.reduce((sum, one) => sum + one[part], 0) / Math.max(1, all.length);
    return { input: mean('input'), output: mean('output') };
  });
  const price = ({ input, output }: Tokens) => input + OUTPUT_PRICE * output;
  return {
    what: `${what} (${items.length} items)`,
    seconds: (performance.now() - start) / 1000,
    rate: shown(now!),
    peer: `${(price(now!) / price(before!)).toFixed(2)} × the cost of ${shown(before!)} before`,
  };
}

function shown({ input, output }: Tokens): string {
  return `${input.toFixed(0)} in, ${output.toFixed(0)} out`;
}

function judging(item: Instruction, criterion: Criterion, edition: number): Tokens {
  const { id, variables } = criterion.prompt;
  const prompt = loadPrompt(id, variables, undefined, edition);
  const { output: response, ...rest } = item;
  const judged = { ...rest, ...(response === undefined ? {} : { response }) };
  const text = shownItem(judged, criterion, ITEM_TOKENS, countTokens, itemForm(prompt));
  const schema = prompt.layout === 1 ? countTokens(JSON.stringify(jsonSchemaOf(judgmentSchema(criterion)))) : 0;
  return { input: countRendered(prompt, text) + schema, output: outputTokens(criterion, prompt).expected };
}

function drafting(item: Instruction, edition: number): Tokens {
  const prompt = loadPrompt('draft', ['item'], undefined, edition);
  return { input: countRendered(prompt, itemForm(prompt).shown(textsOf(item))), output: DRAFT_TOKENS };
}

function tagging(item: Instruction, edition: number): Tokens {
  const prompt = loadPrompt('tag', ['item'], undefined, edition);
  const text = shownTexts(textsOf(item), ITEM_TOKENS, countTokens, itemForm(prompt));
  const answer = prompt.layout === 1 ? TAGS.json : TAGS.plain;
  return { input: countRendered(prompt, text), output: countTokens(answer) };
}

function textsOf({ instruction, input }: Instruction): Record<string, string> {
  return { instruction, ...(input === undefined ? {} : { input }) };
}

function countRendered(prompt: ReturnType<typeof loadPrompt>, item: string): number {
  const { system, user } = prompt.render({ item });
  return countTokens(system) + countTokens(user);
}
