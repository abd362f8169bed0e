import { z } from 'zod';
import { UsageError } from '../../../domain/errors.ts';
import { pairText } from '../../../domain/instruction.ts';
import type { Registry } from '../../../domain/registry.ts';
import type { Pick } from '../../../domain/selection.ts';
import { option, sentence } from '../../../domain/wording.ts';
import { stackRows, takeRows } from '../../../math/embedding-matrix.ts';
import type { MeasureName } from '../../measures/measure.ts';
import {
  type AskingResult,
  defineStrategy,
  type MeasuringResult,
  type PreparedSelection,
  type Selection,
  type Strategy,
  type StrategyContext,
} from '../strategy.ts';
import { takeInTurn } from '../task-diversity.ts';
import { countsByShare, type MixPart, parseMix } from './parse-mix.ts';

const mixOptions = z.object({
  mix: z
    .string('must be a text')
    .min(1, 'must name strategies with shares')
    .optional()
    .describe('strategies with shares: facility-location:60,random:40')
    .meta({ value: 'parts' }),
});
type MixContext = StrategyContext<z.output<typeof mixOptions>>;
interface CountedPart extends MixPart {
  readonly count: number;
}

/** What is still open after the parts before, and what they chose. */
interface Remaining {
  readonly candidates: readonly number[];
  readonly copies: StrategyContext['copies'];
  readonly weights: StrategyContext['weights'];
  readonly chosen: readonly number[];
}

/**
 * A portfolio: each part chooses its share of the count by its own rules. Shares become counts by largest remainder. The
 * parts choose one after the other, in the order given but with one that has an LLM choose first; what was chosen before
 * is no candidate any more and counts as labeled, so nothing is picked twice and parts that cover do not cover the same.
 * The picks of the parts are then merged into one order in which every beginning has the shares, nearly. The parts have
 * the same seed. The result is the same each time, and short where a part comes up short.
 *
 * @param strategies that parts may name, those of plugins too
 */
export function mixStrategy(strategies: Registry<Strategy>): Strategy {
  const partsIn = (mix: string | undefined) => (mix === undefined ? [] : parseMix(mix, strategies));
  return defineStrategy({
    name: 'mix',
    summary: 'several strategies, each with its share of the picks',
    source: 'A portfolio of strategies; shares by Hamilton’s method of largest remainders.',
    needs: { embeddings: 'instructions', llm: false },
    options: mixOptions,
    checkOptions: ({ mix }) => {
      if (mix === undefined) {
        throw new UsageError(
          'The strategy "mix" needs the strategies and their shares.',
          sentence`For example: ${option('mix', 'facility-location:60,random:40')}.`,
        );
      }
      partsIn(mix);
    },
    parts: ({ mix }) => partsIn(mix),
    nested: () => false,
    prompts: [],
    measures: ({ mix }, pool) => [
      ...new Set(partsIn(mix).flatMap(({ strategy, options }) => strategy.measures(options, pool))),
    ],
    prepare: (context) => prepareMix(context, partsIn(context.options.mix)),
  });
}

async function prepareMix(context: MixContext, given: readonly MixPart[]): Promise<PreparedSelection> {
  const counts = countsByShare(
    given.map(({ share }) => share),
    context.count,
  );
  const parts = given.map((part, index): CountedPart => ({ ...part, count: counts[index]! }));
  const sized = parts.filter(({ count }) => count > 0);
  const all: Remaining = { ...context, copies: context.copies, weights: context.weights, chosen: [] };
  const prepared: PreparedSelection[] = [];
  for (const part of sized) prepared.push(await preparePart(context, part, all));
  const plans = prepared.map(({ plan }) => plan);
  const asking = plans.find((plan) => plan.asking)?.asking;
  const measuring = plans.flatMap((plan) => plan.measuring ?? []);
  return {
    plan: {
      notes: [
        ...parts.filter(({ count }) => count === 0).map(({ name }) => `The share of ${name} is less than one pick.`),
        ...plans.flatMap(({ notes }) => notes),
      ],
      ...(asking ? { asking } : {}),
      ...(measuring.length > 0 ? { measuring } : {}),
    },
    select: () => selectMix(context, sized, prepared),
  };
}

async function selectMix(
  context: MixContext,
  parts: readonly CountedPart[],
  prepared: readonly PreparedSelection[],
): Promise<Selection> {
  // Its queries are planned already, over all candidates.
  const order = [...parts.keys()].sort(
    (a, b) => Number(parts[b]!.strategy.needs.llm) - Number(parts[a]!.strategy.needs.llm),
  );
  const picks = new Map<number, readonly Pick[]>();
  const measured: MeasuringResult[] = [];
  let asked: AskingResult | undefined;
  let remaining: Remaining = { ...context, copies: context.copies, weights: context.weights, chosen: [] };
  for (const index of order) {
    const part = parts[index]!;
    const isFirst = remaining.chosen.length === 0;
    const selection = await (isFirst ? prepared[index]! : await preparePart(context, part, remaining)).select();
    measured.push(...(selection.measured ?? []));
    asked ??= selection.asked;
    if (selection.asked?.stopped || measured.some(({ stopped }) => stopped)) {
      return { picks: [], measured, ...(asked ? { asked } : {}) };
    }
    picks.set(index, selection.picks);
    remaining = without(remaining, selection.picks);
  }
  return {
    picks: inOneOrder(parts, picks),
    ...(asked ? { asked } : {}),
    ...(measured.length > 0 ? { measured } : {}),
  };
}

async function preparePart(
  context: MixContext,
  { strategy, options, count }: CountedPart,
  { candidates, copies, weights, chosen }: Remaining,
): Promise<PreparedSelection> {
  const { instructions, embeddings, labeled, measures } = context;
  const names = strategy.measures(options, {
    hasResponses: instructions.every(({ output }) => output !== undefined) || options.draft === true,
  });
  return strategy.prepare({
    ...context,
    ...(strategy.needs.embeddings === 'pairs'
      ? await pairVectors(context, strategy)
      : { embeddings, labeled: stackRows([labeled, takeRows(embeddings, chosen)], labeled.columns) }),
    ...{ candidates, count: Math.min(count, candidates.length), options },
    ...(copies ? { copies } : {}),
    ...(weights ? { weights } : {}),
    measures: new Map(names.map((name): [MeasureName, ReturnType<typeof measureOf>] => [name, measureOf(name)])),
  });

  function measureOf(name: MeasureName) {
    return measures.get(`${strategy.name} ${name}`) ?? measures.get(name)!;
  }
}

/** Vectors of instruction and response together. @throws UsageError when there is no embedder */
async function pairVectors({ instructions, embed }: MixContext, { name }: Strategy) {
  if (embed === undefined) {
    throw new UsageError(
      `The strategy "${name}" embeds instructions with their responses, and vectors from a file leave it without an embedder.`,
      sentence`Use ${option('embedder')} instead of ${option('embeddings')}.`,
    );
  }
  const embeddings = await embed(instructions.map(pairText));
  return { embeddings, labeled: { data: new Float32Array(0), rows: 0, columns: embeddings.columns } };
}

/** A picked near-duplicate closes its group as the candidate itself does. */
function without({ candidates, copies, weights, chosen }: Remaining, picks: readonly Pick[]): Remaining {
  const taken = new Set(picks.map(({ position }) => position));
  const isOpen = (candidate: number) =>
    !taken.has(candidate) && !(copies?.get(candidate) ?? []).some((copy) => taken.has(copy));
  const open = candidates.flatMap((candidate, index) => (isOpen(candidate) ? [index] : []));
  return {
    candidates: open.map((index) => candidates[index]!),
    copies: copies && new Map([...copies].filter(([candidate]) => isOpen(candidate))),
    weights: weights && Float64Array.from(open, (index) => weights[index]!),
    chosen: [...chosen, ...taken],
  };
}

function inOneOrder(parts: readonly CountedPart[], picks: ReadonlyMap<number, readonly Pick[]>): Pick[] {
  const queues = parts.map(({ name, count }, index) => {
    const own = picks.get(index) ?? [];
    return { name, size: count, weight: count, positions: own.map(({ position }) => position) };
  });
  const byPosition = new Map([...picks.values()].flat().map((pick) => [pick.position, pick]));
  return takeInTurn(queues, byPosition.size).map(({ position, task }, index) => {
    const pick = byPosition.get(position)!;
    return { ...pick, rank: index + 1, strategy: 'mix', reason: `${task.name}: ${pick.reason}` };
  });
}
