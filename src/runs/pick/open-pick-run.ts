import { type Clock, systemClock } from '../../domain/clock.ts';
import type { Pool } from '../../domain/pool.ts';
import type { SelectionJournal } from '../../domain/selection.ts';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../math/create-matrix-kernel.ts';
import type { MatrixKernel } from '../../math/matrix-kernel.ts';
import type { Asker } from '../../models/asker.ts';
import { REPAIR_PROMPT } from '../../models/llm-asker.ts';
import type { MeteredCaller } from '../../models/metering/metered-caller.ts';
import { loadPrompt, type PromptTemplate } from '../../models/prompt-template.ts';
import { openLlm } from '../../models/providers/open-llm.ts';
import { readPool } from '../../records/read-pool.ts';
import { isResponseMeasure, type Measure, type MeasureName } from '../../selection/measures/measure.ts';
import { scoringOf } from '../../selection/strategies/scoring-options.ts';
import type { RunIdentity, RunState } from '../../store/run-state.ts';
import { type ClosedEmbedder, openEmbedder } from '../open-embedder.ts';
import { measurePrompts, measuresOf, openMeasures } from '../open-measures.ts';
import { openAsker, openCaller, openState } from '../open-run.ts';
import { asReopened } from '../reopened-journal.ts';
import { type LabeledItems, matchLabeled } from './labeled-items.ts';
import { pickIdentity, stateIdentity } from './pick-identity.ts';
import { normalizePickOptions, type PickOptions, type PickSettings } from './pick-options.ts';
import { type ClosedVectorSource, openVectorSource, type VectorSource } from './vector-source.ts';

/** A run with everything it works with, opened and ready. */
export interface PickRun {
  readonly settings: PickSettings;
  readonly clock: Clock;
  /** When the run was opened, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly kernel: MatrixKernel;
  readonly pool: Pool;
  readonly labeled: LabeledItems;
  readonly identity: RunIdentity;
  readonly state: RunState;
  /** In a dry run as it would be if the run were taken up. */
  readonly journal: SelectionJournal;
  readonly caller: MeteredCaller;
  readonly vectors: VectorSource;
  /** Present where an LLM is asked. */
  readonly asker: Asker | undefined;
  readonly measures: ReadonlyMap<MeasureName, Measure>;
  readonly prompts: ReadonlyMap<string, PromptTemplate>;
  /** What the user should know about how the run was opened. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/**
 * Reads the pool and opens the run's state.
 * @param dryRun spend nothing and leave no trace: a state file is read if it is there, never begun
 */
export async function openPickRun(options: PickOptions, { dryRun }: { dryRun: boolean }): Promise<PickRun> {
  const settings = normalizePickOptions(options);
  const clock = settings.clock ?? systemClock;
  const startedAt = clock.now();
  const llm = settings.asksLlm ? await openLlm(settings) : undefined;
  const { fields, skipBadLines, stdin, signal, onProgress } = settings;
  const sameBy = choosesPairs(settings) ? 'pair' : 'instruction';
  const pool = await readPool(settings.pool, { fields, skipBadLines, stdin, signal, onProgress, sameBy });
  const prompts = new Map(
    usedPrompts(settings, pool).map(({ id, variables }) => [id, loadPrompt(id, variables, settings.promptFolder)]),
  );
  const existing =
    settings.existing.length > 0
      ? await readPool(settings.existing, { fields, fieldsOptional: true, skipBadLines, stdin, signal })
      : undefined;
  const labeled = existing ? matchLabeled(pool, existing) : { positions: [], outside: [] };
  const kernel = await createMatrixKernel();
  const source = await openVectorSource(
    dryRun ? { ...settings, saveEmbeddings: undefined } : settings,
    pool,
    labeled.outside,
  );

  const identity = pickIdentity(settings, { pool, existing, prompts, embeddings: source.name });
  const state = await openState('pick', settings, stateIdentity(settings, identity), { dryRun, clock }).catch(
    async (error: unknown) => {
      await closeAll(source, kernel);
      throw error;
    },
  );
  const reopened = settings.retryFailed && !dryRun ? state.journal.reopenFailed() : 0;
  const caller = openCaller(state, settings, { clock, seed: settings.seed });
  const asker = llm && openAsker(llm, state, caller, settings, prompts);
  let local: ClosedEmbedder | undefined;
  const close = async () => {
    state.close();
    local?.close();
    await closeAll(source, kernel);
  };
  const measures = await openMeasures(settings.strategy, settings.strategyOptions, {
    instructions: pool.instructions,
    judgingProvider: settings.provider,
    prompt: (id) => prompts.get(id)!,
    judgingLlm: async () => ({ asker: asker!, endpoint: llm!.client.endpoint }),
    writer: async () => asker!,
    localEmbedder: async () => {
      local ??= await openEmbedder({ ...settings, embedder: 'minilm' });
      return local.open(caller).embedder;
    },
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    settings,
    clock,
    startedAt,
    kernel,
    pool,
    labeled,
    identity,
    state,
    journal: settings.retryFailed && dryRun ? asReopened(state.journal) : state.journal,
    caller,
    vectors: source.open(caller),
    asker,
    measures,
    prompts,
    notes: [...openingNotes(settings, pool, kernel, reopened), ...badLabeled(existing)],
    close,
  };
}

/** Where scores are of responses, or of records, an instruction is read with each of its responses. */
function choosesPairs({ strategy, strategyOptions }: PickSettings): boolean {
  const measures = strategy.measures(strategyOptions, { hasResponses: true });
  return measures.some((name) => name === 'field' || isResponseMeasure(name));
}

function usedPrompts({ strategy, strategyOptions, asksLlm, provider }: PickSettings, { instructions }: Pool) {
  if (!asksLlm) return strategy.prompts;
  const measures = measuresOf(strategy, strategyOptions, instructions);
  return [...strategy.prompts, ...measurePrompts(measures, scoringOf(strategyOptions), provider), REPAIR_PROMPT];
}

async function closeAll(source: ClosedVectorSource, kernel: OwnedMatrixKernel): Promise<void> {
  source.close();
  await kernel.release();
}

/** Labeled items that cannot be read may be picked again: that must not go unsaid. */
function badLabeled(existing: Pool | undefined): string[] {
  const [first] = existing?.badRecords ?? [];
  if (!existing || !first) return [];
  const where = `${first.source.file}:${first.source.line}: ${first.cause}`;
  return [`${existing.badRecordCount} records of --existing could not be read and count as unlabeled (${where}).`];
}

function openingNotes(settings: PickSettings, pool: Pool, kernel: MatrixKernel, reopened: number): string[] {
  const notes: string[] = [];
  if (pool.repeatedIds > 0) {
    notes.push(`${pool.repeatedIds} ids are used by more than one text; they were told apart by a suffix.`);
  }
  if (kernel.name === 'javascript') {
    notes.push('The native matrix runtime does not load here; plain JavaScript is used, which is much slower.');
  }
  if (settings.strategy.needs.llm && settings.provider === 'offline') {
    notes.push('The offline ranker chose, a stand-in for an LLM. For real choices: --provider … --model ….');
  }
  if (reopened > 0) notes.push(`${reopened} failed queries are asked anew.`);
  return notes;
}
