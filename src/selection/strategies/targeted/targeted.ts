import { z } from 'zod';
import { UsageError } from '../../../domain/errors.ts';
import { embeddingText, type Instruction } from '../../../domain/instruction.ts';
import { option, sentence } from '../../../domain/wording.ts';
import { type EmbeddingMatrix, takeRows } from '../../../math/embedding-matrix.ts';
import { seededRandom } from '../../../math/random.ts';
import { readPool } from '../../../records/read-pool.ts';
import { inFolder } from '../../../records/remote/registry.ts';
import { excerpt } from '../../../text/excerpt.ts';
import { defineStrategy, type StrategyContext } from '../strategy.ts';
import { choice, number } from '../strategy-options.ts';
import { nearestInTurn } from './nearest-in-turn.ts';
import { transportShares } from './transport-shares.ts';

const ALPHA = 0.5;

const targetedOptions = z.object({
  examples: z
    .string('must be the path of a file')
    .min(1, 'must be the path of a file')
    .optional()
    .describe('file with a handful of instructions like those you want')
    .meta({ value: 'file' }),
  by: choice(['turns', 'transport'])
    .default('turns')
    .describe('the nearest to each example in turn, or a draw by optimal transport (TSDS)')
    .meta({ value: 'how' }),
  alpha: number
    .min(0, 'must be from 0 to 1')
    .max(1, 'must be from 0 to 1')
    .optional()
    .describe('transport: 1 stays close to the examples, 0 spreads over the pool')
    .meta({ value: 'a', defaultWords: ALPHA }),
});
type TargetedContext = StrategyContext<z.output<typeof targetedOptions>>;

/**
 * Targeted selection: instructions like a few given examples. With `by: turns` every example in turn gets the instruction
 * nearest to it (cosine) that is not picked yet; ties → the lowest position. With `by: transport` the examples' mass is
 * moved to the pool by optimal transport, see `transportShares`, and the picks are a weighted draw without replacement, by
 * the seed; when all that received mass is picked, turns fill the rest. Labels and weights have no effect.
 *
 * Source: the "Embed" baseline of Ivison et al. 2025 (arXiv 2503.01807); TSDS (arXiv 2410.11303), which draws with
 * replacement. Without replacement: Efraimidis & Spirakis 2006.
 */
export const targetedStrategy = defineStrategy({
  name: 'targeted',
  summary: 'the instructions most like a few examples of what you want',
  source: '"Embed" of Ivison et al. 2025 (arXiv 2503.01807); TSDS (arXiv 2410.11303).',
  needs: { embeddings: 'instructions', llm: false },
  options: targetedOptions,
  checkOptions: ({ examples, by, alpha }) => {
    if (examples === undefined) {
      throw new UsageError(
        'The strategy "targeted" needs example instructions.',
        sentence`Name a file with some: ${option('examples')}.`,
      );
    }
    if (alpha !== undefined && by === 'turns') {
      throw new UsageError(
        sentence`${option('alpha')} has no effect with ${option('by', 'turns')}.`,
        sentence`Set ${option('by', 'transport')}, or leave it out.`,
      );
    }
  },
  nested: () => true,
  measures: () => [],
  prompts: [],
  prepare: async (context) => {
    const examples = await readExamples(context);
    return { plan: { notes: [] }, select: async () => ({ picks: await pickLike(context, examples) }) };
  },
});

async function readExamples({ options, folder = '.', signal }: TargetedContext): Promise<readonly Instruction[]> {
  const { instructions } = await readPool([inFolder(folder, options.examples!)], signal ? { signal } : {});
  return instructions;
}

async function pickLike(context: TargetedContext, examples: readonly Instruction[]) {
  const { candidates, count, embeddings, embed, options } = context;
  if (embed === undefined) {
    throw new UsageError(
      'The strategy "targeted" embeds the examples, and vectors from a file leave it without an embedder.',
      sentence`Use ${option('embedder')} instead of ${option('embeddings')}.`,
    );
  }
  const rows = takeRows(embeddings, candidates);
  const target = await embed(examples.map(embeddingText));
  const chosen = await rowsLike(context, rows, target);
  return chosen.slice(0, count).map(({ row, score, example }, index) => ({
    position: candidates[row]!,
    rank: index + 1,
    score,
    reason:
      options.by === 'turns' || example !== undefined
        ? `Similar to your example "${excerpt(examples[example!]!.instruction, 60)}"`
        : 'Similar to your examples',
    strategy: 'targeted',
    query: null,
    model: null,
    costMicroUsd: 0,
  }));
}

interface RowLike {
  readonly row: number;
  readonly score: number;
  /** Absent for a draw. */
  readonly example?: number;
}

async function rowsLike(
  { count, options, seed, kernel, signal }: TargetedContext,
  rows: EmbeddingMatrix,
  target: EmbeddingMatrix,
): Promise<readonly RowLike[]> {
  const inTurn = (most: number) => nearestInTurn(rows, target, most, { kernel, signal });
  const asRow = ({ row, cosine, example }: Awaited<ReturnType<typeof inTurn>>[number]) => {
    return { row, score: cosine, example };
  };
  if (options.by === 'turns') return (await inTurn(count)).map(asRow);
  const shares = await transportShares(rows, target, { kernel, signal, alpha: options.alpha ?? ALPHA });
  const drawn = drawByShare(shares, seed);
  const isDrawn = new Set(drawn);
  const rest = drawn.length < count ? await inTurn(rows.rows) : [];
  return [
    ...drawn.map((row) => ({ row, score: shares[row]! })),
    ...rest.filter(({ row }) => !isDrawn.has(row)).map(asRow),
  ];
}

/** All rows with a share above 0, drawn one after the other in proportion to the shares that are left. O(n log n). */
function drawByShare(shares: Float64Array, seed: number): readonly number[] {
  const random = seededRandom(seed, 'strategy', 'targeted');
  const keys = shares.map((share) => -Math.log(1 - random.float()) / share);
  return [...shares.keys()].filter((row) => shares[row]! > 0).sort((a, b) => keys[a]! - keys[b]! || a - b);
}
