import { fileURLToPath } from 'node:url';
import type { Instruction } from '../src/domain/instruction.ts';
import { jsonSchemaOf } from '../src/domain/options.ts';
import { seededRandom } from '../src/math/random.ts';
import { countTokens } from '../src/models/metering/token-count.ts';
import { CURRENT_EDITION, FIRST_EDITION, loadPrompt } from '../src/models/prompt-template.ts';
import { openAiProvider } from '../src/models/providers/openai.ts';
import { readPool } from '../src/records/read-pool.ts';
import { choiceForm } from '../src/selection/strategies/select-llm/choice-forms.ts';
import { chooseRequest, shortenedItem } from '../src/selection/strategies/select-llm/choose-request.ts';
import type { Benchmark, Measurement } from './benchmark.ts';

const QUERIES = 40;
/** What output costs, as a multiple of input. */
const OUTPUT_PRICE = 4;
/** A reason of 15 words, an id and the JSON around them, as models write them. */
const REASONED_PICK_TOKENS = 25;

interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/**
 * Tokens a pick, by the o200k tokenizer, of prompts over random candidates of the demo pool, or of the files that follow
 * `--tokens-of`. Beside ours: a prompt laid out as the paper of SelectLLM describes it, in our words: numbered candidates
 * under headings, its five criteria, numbers as the answer, 20 candidates and 4 picks.
 */
export const tokensBenchmark: Benchmark = {
  name: 'tokens',
  run: async () => {
    const named = process.argv.indexOf('--tokens-of');
    const file = named < 0 ? fileURLToPath(new URL('../data/pool.jsonl', import.meta.url)) : process.argv[named + 1]!;
    const { instructions } = await readPool([file]);
    const paper = perPick(4, QUERIES, (query) => paperTokens(drawn(instructions, query, 20), 4));
    const price = ({ input, output }: Tokens) => input + OUTPUT_PRICE * output;
    const peer = `SelectLLM's layout: ${shown(paper)}`;
    return [
      { edition: FIRST_EDITION, itemsPerQuery: 20, perQuery: 4, name: 'JSON lines with reasons' },
      { edition: CURRENT_EDITION, itemsPerQuery: 20, perQuery: 4, name: 'plain lines, ids alone' },
      { edition: CURRENT_EDITION, ...choiceForm({ layout: 2 }).sizes({}), name: 'plain lines, by default' },
    ].map(({ edition, itemsPerQuery, perQuery, name }): Measurement => {
      const start = performance.now();
      const tokens = perPick(perQuery, QUERIES, (query) =>
        ourTokens(drawn(instructions, query, itemsPerQuery), perQuery, edition),
      );
      return {
        what: `prompt of ${itemsPerQuery} candidates and ${perQuery} picks: ${name}`,
        seconds: (performance.now() - start) / 1000,
        rate: shown(tokens),
        peer: `${(price(tokens) / price(paper)).toFixed(2)} × the cost of ${peer}`,
      };
    });
  },
};

function shown({ input, cached, output }: Tokens): string {
  return `${input.toFixed(0)} in, ${cached.toFixed(0)} of them cached, ${output.toFixed(1)} out a pick`;
}

function perPick(picks: number, queries: number, tokensOf: (query: number) => Tokens): Tokens {
  const all = Array.from({ length: queries }, (_, query) => tokensOf(query));
  const mean = (of: (tokens: Tokens) => number) => all.reduce((sum, one) => sum + of(one), 0) / queries / picks;
  return {
    input: mean(({ input }) => input),
    cached: mean(({ cached }) => cached),
    output: mean(({ output }) => output),
  };
}

function drawn(instructions: readonly Instruction[], query: number, count: number): Instruction[] {
  return seededRandom(0, 'bench', 'tokens', query).shuffle(instructions).slice(0, count);
}

/** What the beginning that prompts share is billed at, where it is long enough. */
function cachedPart(shared: string): number {
  const tokens = countTokens(shared);
  return tokens >= openAiProvider.caching!.fromTokens ? tokens : 0;
}

function layoutOf(edition: number) {
  const template = loadPrompt('select', ['count', 'total', 'candidates'], undefined, edition);
  return { template, itemTokens: 400, countTokens: (text: string) => countTokens(text), reasoningTokens: 0 };
}

function ourTokens(items: readonly Instruction[], picks: number, edition: number): Tokens {
  const layout = layoutOf(edition);
  const query = { number: 0, positions: items.map((_, position) => position), picks };
  const { request, positionOfId } = chooseRequest(items, query, { seed: 0, vote: 0, generation: 0 }, layout);
  const { definition } = request.schema!;
  const schema = definition === undefined ? 0 : countTokens(JSON.stringify(jsonSchemaOf(definition)));
  const ids = [...positionOfId.keys()].slice(0, picks).join(' ');
  return {
    input: countTokens(request.system) + countTokens(request.messages[0]!.content) + schema,
    cached: cachedPart(request.system),
    output: edition === FIRST_EDITION ? picks * REASONED_PICK_TOKENS : countTokens(ids),
  };
}

function paperTokens(items: readonly Instruction[], picks: number): Tokens {
  const candidates = items.map((item, index) => {
    // Shortened as ours are.
    const { instruction, input = '' } = shortenedItem(item, layoutOf(FIRST_EDITION), (text) => text);
    return `[${index + 1}]\n### Instruction: ${instruction}\n### Input: ${input}\n`;
  });
  const prompt = [
    `Below is a list of ${items.length} candidate instructions. Each describes a task, and a number in brackets comes before it.`,
    '',
    ...candidates,
    `Read the list of ${items.length} instructions with care; the number in brackets before each names it. Pick the ${picks} of them that people should annotate so that a model can be fine-tuned on the result.`,
    'Prefer instructions that are easy to understand and to the point, that ask for complex and detailed work, that together cover many kinds of situations and contexts, from which a model has much to learn, and that set specific challenges of their own.',
    'The ones you pick should be those that help the model most once people have written the answers.',
    'Answer with numbers in brackets and separated by commas, as in [1, 2], and with nothing else.',
    `The ${picks} most valuable instructions, as numbers: `,
  ].join('\n');
  const numbers = `[${Array.from({ length: picks }, (_, index) => index + 7).join(', ')}]`;
  return { input: countTokens(prompt), cached: 0, output: countTokens(numbers) };
}
