import type { Clock } from '../domain/clock.ts';
import type { Instruction } from '../domain/instruction.ts';
import { type EmbeddingMatrix, embeddingMatrix } from '../math/embedding-matrix.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { seededRandom } from '../math/random.ts';
import { LlmAsker, REPAIR_PROMPT } from '../models/llm-asker.ts';
import { MeteredCaller } from '../models/metering/metered-caller.ts';
import { loadPrompt } from '../models/prompt-template.ts';
import type { LlmClient } from '../models/providers/llm-client.ts';
import { offlineClient } from '../models/providers/offline-client.ts';
import type { Measure } from '../selection/measures/measure.ts';
import type { Strategy, StrategyContext, StrategyOptions } from '../selection/strategies/strategy.ts';
import { promptsOf } from '../selection/strategies/strategy-needs.ts';
import { normalizeOptions } from '../selection/strategies/strategy-options.ts';
import { openDatabase } from '../store/open-database.ts';
import { SqliteJournal } from '../store/sqlite-journal.ts';
import { SqliteLedger } from '../store/sqlite-ledger.ts';

const COLUMNS = 12;

/** Time stands still: nothing here waits. */
const clock: Clock = { now: () => 0, elapsed: () => 0, sleep: () => Promise.resolve() };

/** An instruction as if read from line `position + 1` of a pool file. */
export function instructionOf(instruction: string, position: number, input?: string): Instruction {
  return {
    id: `it_${position}`,
    instruction,
    ...(input === undefined ? {} : { input }),
    meta: {},
    record: {},
    source: { file: 'pool.jsonl', line: position + 1 },
  };
}

/** A pool of `count` instructions, all different. */
export function instructionsOf(count: number): Instruction[] {
  return Array.from({ length: count }, (_, position) =>
    instructionOf(`Explain in ${(position % 7) + 2} steps how thing number ${position} works.`, position),
  );
}

/** `n × 12` unit rows around five directions, the same for the same seed. */
export function randomRows(rows: number, seed = 1): EmbeddingMatrix {
  const random = seededRandom(seed, 'rows');
  const data = new Float32Array(rows * COLUMNS);
  for (let row = 0; row < rows; row += 1) {
    const values = Array.from(
      { length: COLUMNS },
      (_, column) => random.float() - 0.5 + (column === row % 5 ? 1.5 : 0),
    );
    const length = Math.hypot(...values);
    data.set(
      values.map((value) => value / length),
      row * COLUMNS,
    );
  }
  return embeddingMatrix(data, rows, COLUMNS);
}

/** `texts × 12`: the same row for the same text. */
function rowsOfTexts(texts: readonly string[]): EmbeddingMatrix {
  const data = Float32Array.from(
    texts.flatMap((text) => {
      const random = seededRandom(0, 'text', text);
      return Array.from({ length: COLUMNS }, () => random.float() - 0.5);
    }),
  );
  return embeddingMatrix(data, texts.length, COLUMNS);
}

export const NO_ROWS: EmbeddingMatrix = embeddingMatrix(new Float32Array(0), 0, COLUMNS);

/** Numbers that differ from text to text, as a judge's would; from a pool where every instruction has a response. */
function measuresFor(strategy: Strategy, options: StrategyOptions, instructions: readonly Instruction[]) {
  const names = strategy.measures(normalizeOptions(strategy, options), { hasResponses: true });
  return new Map(names.map((name) => [name, measureOf((position) => standInScore(name, instructions[position]!))]));
}

function standInScore(name: string, { instruction, input = '' }: Instruction): number {
  return 1 + 4 * seededRandom(0, name, instruction, input).float();
}

/** A measure with the values of a function; NaN is a failed item. @param cost micro-dollars per item */
export function measureOf(numberOf: (position: number) => number, cost = 0): Measure {
  return {
    name: 'a test measure',
    shortName: 'tests',
    scale: { min: 1, max: 5 },
    isScore: true,
    estimate: async (positions) => {
      const range = (each: number) => ({ expected: each * positions.length, worstCase: 3 * each * positions.length });
      return { calls: range(1), tokens: range(100), costMicroUsd: range(cost) };
    },
    measure: async (positions, { onMeasured }) => {
      const values = Float64Array.from(positions, numberOf);
      onMeasured?.(positions.length);
      return {
        values,
        reasons: Array.from(values, (value) => (Number.isNaN(value) ? undefined : `it is ${value.toFixed(2)}`)),
        costMicroUsd: positions.map(() => cost),
        model: 'test-model',
        failed: positions.flatMap((position, row) =>
          Number.isNaN(values[row]) ? [{ position, failure: 'it says nothing.' }] : [],
        ),
        unmeasured: 0,
      };
    },
  };
}

/**
 * What a strategy works with: a real kernel, ledger, journal, asker and prompts. The pool has 60 instructions, or those
 * that are given.
 */
export function strategyContext(
  strategy: Strategy,
  kernel: MatrixKernel,
  given: Partial<Omit<StrategyContext, 'options'>> & { readonly count: number; readonly options?: StrategyOptions },
  client: LlmClient = offlineClient(),
): StrategyContext {
  const instructions = given.instructions ?? instructionsOf(given.embeddings?.rows ?? 60);
  const database = openDatabase(':memory:');
  const ledger = new SqliteLedger(database, { clock });
  const caller = new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: 4 });
  const model = { price: { input: 0, cachedInput: 0, output: 0 }, contextTokens: 128_000, reasoningTokens: 0 };
  return {
    candidates: instructions.map((_, position) => position),
    embeddings: randomRows(instructions.length),
    labeled: NO_ROWS,
    embed: async (texts) => rowsOfTexts(texts),
    seed: 0,
    kernel,
    asker: new LlmAsker({
      client,
      ledger,
      caller,
      ...model,
      repairPrompt: loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables),
      signal: given.signal,
    }),
    measures: given.measures ?? measuresFor(strategy, given.options ?? {}, instructions),
    prompts: new Map(
      promptsOf(strategy, normalizeOptions(strategy, given.options ?? {})).map(({ id, variables }) => [
        id,
        loadPrompt(id, variables),
      ]),
    ),
    journal: new SqliteJournal(database, clock),
    ...given,
    instructions,
    options: normalizeOptions(strategy, given.options ?? {}),
  };
}
