import { NotEnoughError } from '../../domain/errors.ts';
import { NO_CALLS, sumCallCosts } from '../../domain/usage.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import { directedRows, type EmbeddingMatrix, hasDirection, stackRows, takeRows } from '../../math/embedding-matrix.ts';
import { seededRandom } from '../../math/random.ts';
import { worstCaseWithRetries } from '../../models/metering/retry-policy.ts';
import { batchingOf } from '../../models/providers/open-llm.ts';
import { leftOutNotes } from '../../records/reading-notes.ts';
import { limitsPicks } from '../../selection/constraints/constraints.ts';
import { findCandidates } from '../../selection/find-candidates.ts';
import { type HeldOut, heldOutText } from '../../selection/held-out.ts';
import { missingVectors } from '../../selection/missing-vectors.ts';
import type { PreparedSelection, SelectionTask } from '../../selection/strategies/strategy.ts';
import { plannedWays } from '../planned-ways.ts';
import { forgetfulJournal } from '../planning-journals.ts';
import { priceNotes } from '../price-notes.ts';
import { capsOf, guessedSeconds } from '../run-summary.ts';
import type { PickRun } from './open-pick-run.ts';
import { excludedNotes, includedPositions, openPositions, unlabeledPositions } from './open-positions.ts';
import type { PickPlan, PoolFacts } from './pick-plan.ts';

export interface Preparation {
  readonly prepared: PreparedSelection;
  readonly facts: PoolFacts;
  /** `n × d` of the pool; `0 × 0` where nothing needs vectors. */
  readonly embeddings: EmbeddingMatrix;
  /** `l × d` of the labeled items. */
  readonly labeled: EmbeddingMatrix;
  /** Whether the vectors are stand-ins. */
  readonly estimated: boolean;
  /** Left out because test items repeat in them, by position. */
  readonly heldOut: ReadonlyMap<number, HeldOut>;
  /** What the user should know about the candidates. */
  readonly notes: readonly Wording[];
}

/** Width of stand-in vectors: enough to be spread out, cheap to cluster. */
const STAND_IN_COLUMNS = 8;

/** Embeds, groups near-duplicates and lets the strategy prepare: everything before the first question. */
export async function prepareSelection(run: PickRun): Promise<Preparation> {
  const { settings, labeled, kernel } = run;
  const { signal, onProgress } = settings;
  const vectors = await run.vectors.load({ signal, onProgress });
  const labeledVectors = directedRows(
    stackRows([takeRows(vectors.pool, labeled.positions), vectors.outside], vectors.pool.columns),
  );
  const byVectors = settings.strategy.needs.embeddings !== 'none';
  const open = unlabeledPositions(run);
  const candidates = await findCandidates(open, vectors.pool, labeledVectors, settings.dedupeThreshold, {
    ...{ kernel, signal, onProgress, byVectors, tests: directedRows(vectors.tests) },
  });
  const { positions, nearDuplicates, withoutVector = [], nearTests = new Map<number, number>() } = candidates;
  const heldOut = new Map([
    ...run.heldOut,
    ...[...nearTests].map(
      ([position, test]) => [position, { test, rule: 'nearly the same meaning' as const }] as const,
    ),
  ]);
  checkEnough(run, positions.length, nearDuplicates, { withoutVector, heldOut: heldOut.size });
  const uncompared = byVectors || vectors.pool.columns === 0 ? [] : open.filter((p) => !hasDirection(vectors.pool, p));
  return {
    prepared: await prepare(run, {
      candidates,
      embeddings: vectors.pairs ?? vectors.pool,
      labeled: vectors.pairs ? takeRows(vectors.pairs, labeled.positions) : labeledVectors,
      journal: run.journal,
    }),
    facts: {
      ...poolFacts(run, positions.length, nearDuplicates),
      ...(withoutVector.length > 0 ? { withoutVector: withoutVector.length } : {}),
      ...(heldOut.size > 0 ? { heldOut: heldOut.size } : {}),
    },
    embeddings: vectors.pool,
    labeled: labeledVectors,
    estimated: false,
    heldOut,
    notes: [...excludedNotes(run), ...heldOutNotes(run, heldOut), ...vectorNotes(run, withoutVector, uncompared)],
  };
}

/**
 * The same before the vectors are paid for: random ones replace them, so that queries, prompts and
 * figures have their real size while their contents do not mean anything. Stores nothing.
 */
export async function estimateSelection(run: PickRun): Promise<Preparation> {
  const { pool, labeled } = run;
  const positions = unlabeledPositions(run);
  checkEnough(run, positions.length, 0);
  const embeddings = standInVectors(pool.instructions.length, run.settings.seed);
  const labeledVectors = takeRows(embeddings, labeled.positions);
  return {
    prepared: await prepare(run, {
      candidates: { positions, copies: new Map() },
      embeddings,
      labeled: labeledVectors,
      journal: forgetfulJournal(run.journal.retries()),
    }),
    facts: poolFacts(run, positions.length, null),
    embeddings,
    labeled: labeledVectors,
    estimated: true,
    heldOut: run.heldOut,
    notes: [...excludedNotes(run), ...heldOutNotes(run, run.heldOut)],
  };
}

export async function pickPlan(run: PickRun, { prepared, facts, estimated, notes }: Preparation): Promise<PickPlan> {
  const { settings } = run;
  const { asking, measuring = [] } = prepared.plan;
  const embedding = await run.vectors.unpaid();
  const asked = sumCallCosts([...(asking ? [asking] : []), ...measuring]);
  const total = sumCallCosts([
    asked,
    ...(embedding ? [{ ...embedding, calls: { expected: embedding.calls, worstCase: embedding.calls } }] : []),
  ]);
  const paidCalls = settings.llm.provider === 'offline' ? (embedding?.calls ?? 0) : total.calls.expected;
  const expectedSeconds = guessedSeconds(paidCalls, settings);
  return {
    count: settings.count,
    strategy: settings.strategy.name,
    provider: settings.asksLlm ? settings.llm.provider : null,
    model: settings.asksLlm ? (settings.llm.model ?? null) : null,
    pool: facts,
    selection: prepared.plan,
    embedding,
    estimated,
    total,
    worstCaseWithRetriesMicroUsd: worstCaseWithRetries(total.costMicroUsd.worstCase),
    caps: capsOf(settings),
    spent: run.state.ledger.spending(),
    expectedSeconds,
    ways: settings.asksLlm
      ? plannedWays(
          [
            { costMicroUsd: asked.costMicroUsd, batching: batchingOf(await run.workbench.llm()) },
            { costMicroUsd: embedding?.costMicroUsd ?? NO_CALLS.costMicroUsd },
          ],
          expectedSeconds,
        )
      : null,
    notes: [...run.notes, ...notes, ...(settings.asksLlm ? priceNotes(await run.workbench.llm()) : [])],
  };
}

function prepare(
  run: PickRun,
  given: Pick<SelectionTask, 'candidates' | 'embeddings' | 'labeled' | 'journal'>,
): Promise<PreparedSelection> {
  const { settings, pool, measures, workbench, vectors } = run;
  const { strategy, strategyOptions: options, count, seed, signal, onProgress, constraints } = settings;
  const { instructions } = pool;
  const limits = limitsPicks(constraints)
    ? { constraints, fixed: includedPositions(run), taken: run.labeled.positions }
    : undefined;
  const { embed } = vectors;
  return workbench.prepareStrategy(strategy, {
    ...given,
    limits,
    instructions,
    measures,
    options,
    count,
    seed,
    embed: embed && ((texts) => embed(texts, { signal })),
    signal,
    onProgress,
  });
}

function heldOutNotes({ pool }: PickRun, heldOut: ReadonlyMap<number, HeldOut>): Wording[] {
  const text = heldOutText(heldOut, pool.instructions);
  return text === undefined ? [] : [text];
}

function vectorNotes(
  { pool, settings }: PickRun,
  withoutVector: readonly number[],
  uncompared: readonly number[],
): Wording[] {
  const fix =
    settings.embeddings === undefined
      ? 'Check the embedder, then run again: only these are embedded again.'
      : 'Their rows in the file of vectors are zeros.';
  return [
    ...(withoutVector.length > 0
      ? [`${missingVectors(withoutVector, pool.instructions)}. They are left out. ${fix}`]
      : []),
    ...(uncompared.length > 0
      ? [`${missingVectors(uncompared, pool.instructions)}. They are not checked for near-duplicates. ${fix}`]
      : []),
  ];
}

function checkEnough(
  run: PickRun,
  candidates: number,
  nearDuplicates: number,
  { withoutVector = [], heldOut = run.heldOut.size }: { withoutVector?: readonly number[]; heldOut?: number } = {},
): void {
  const { count } = run.settings;
  if (candidates < count && withoutVector.length > 0) {
    throw new NotEnoughError(
      `Asked for ${count} instructions but only ${candidates} can be picked. ${missingVectors(withoutVector, run.pool.instructions)}.`,
      sentence`Check the embedder: its vectors are zeros or not finite. Or lower ${option('count')}.`,
      candidates,
    );
  }
  if (candidates < count && heldOut > 0) {
    throw new NotEnoughError(
      `Asked for ${count} instructions but only ${candidates} can be picked: test items repeat in ${heldOut}, which are held out${nearDuplicates > 0 ? `, and ${nearDuplicates} are near-duplicates` : ''}.`,
      sentence`Lower ${option('count')} or add to the pool.`,
      candidates,
    );
  }
  const { where, excludeIds } = run.settings.constraints;
  if (candidates < count && where.length > 0) {
    throw new NotEnoughError(
      `Asked for ${count} instructions but only ${candidates} match the filter and can be picked.`,
      sentence`Relax ${option('where')}, lower ${option('count')} or add to the pool.`,
      candidates,
    );
  }
  if (candidates < count && excludeIds.length > 0) {
    throw new NotEnoughError(
      sentence`Asked for ${count} instructions but only ${candidates} can be picked without those of ${option('excludeIds')}.`,
      sentence`Shorten that list, lower ${option('count')} or add to the pool.`,
      candidates,
    );
  }
  if (candidates === 0 && nearDuplicates === 0) {
    throw new NotEnoughError(
      'Every instruction is labeled already, so there is nothing to pick.',
      'Add to the pool.',
      0,
    );
  }
  if (candidates >= count) return;
  const because = nearDuplicates > 0 ? ` (${nearDuplicates} more are near-duplicates)` : '';
  const raise = nearDuplicates > 0 ? sentence`, raise ${option('dedupeThreshold')}` : '';
  const turns =
    run.settings.severalPerConversation || unlabeledPositions(run).length === openPositions(run).length
      ? ''
      : sentence`, set ${option('severalPerConversation')}`;
  const hint = sentence`Lower ${option('count')}${raise}${turns} or add to the pool.`;
  const message = `Asked for ${count} instructions but only ${candidates} can be picked${because}.`;
  throw new NotEnoughError([message, ...leftOutNotes(run.pool)].join(' '), hint, candidates);
}

function poolFacts({ pool, labeled }: PickRun, candidates: number, nearDuplicates: number | null): PoolFacts {
  return {
    records: pool.positionOfRow.length,
    badRecords: pool.badRecordCount,
    exactDuplicates: pool.exactDuplicates,
    instructions: pool.instructions.length,
    labeled: labeled.positions.length,
    labeledOutside: labeled.outside.length,
    nearDuplicates,
    candidates,
  };
}

function standInVectors(rows: number, seed: number): EmbeddingMatrix {
  const random = seededRandom(seed, 'stand-in');
  const data = Float32Array.from({ length: rows * STAND_IN_COLUMNS }, () => random.float() - 0.5);
  return { data, rows, columns: STAND_IN_COLUMNS };
}
