import { conversationOf } from '../../domain/conversation.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { LabeledExample } from '../../domain/label.ts';
import type { Pool } from '../../domain/pool.ts';
import type { SelectionJournal } from '../../domain/selection.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import type { MatrixKernel } from '../../math/matrix-kernel.ts';
import { REPAIR_PROMPT } from '../../models/llm-asker.ts';
import { englishCuesNote } from '../../models/offline/english-cues.ts';
import { readPool } from '../../records/read-pool.ts';
import { readingNotes } from '../../records/reading-notes.ts';
import { readingOf } from '../../records/reading-options.ts';
import { findHeldOut, type HeldOut } from '../../selection/held-out.ts';
import type { Measure, MeasureName } from '../../selection/measures/measure.ts';
import { allPrompts } from '../../selection/measures/open-measures.ts';
import { MEASURES } from '../../selection/measures/registry.ts';
import { letsLlmChoose, promptsOf } from '../../selection/strategies/strategy-needs.ts';
import type { RunIdentity, RunState } from '../../store/run-state.ts';
import { retrievalModel } from '../../trainers/retrieval/retrieval-model.ts';
import { openState, promptEdition, shardFolder } from '../open-run.ts';
import { pinRevisions } from '../pinned-revisions.ts';
import { asReopened } from '../planning-journals.ts';
import type { Workbench } from '../workbench.ts';
import { type LabeledItems, matchLabeled } from './labeled-items.ts';
import { pickIdentity, pickOptionsIdentity, stateIdentity } from './pick-identity.ts';
import type { PickSettings } from './pick-options.ts';
import { openVectorSource, type VectorSource } from './vector-source.ts';

/** A run with everything it works with, opened and ready. */
export interface PickRun {
  readonly settings: PickSettings;
  readonly workbench: Workbench;
  /** When the run was opened, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly kernel: MatrixKernel;
  readonly pool: Pool;
  readonly labeled: LabeledItems;
  /** Items that are never picked. */
  readonly tests: readonly Instruction[];
  /** Positions left out because of them. */
  readonly heldOut: ReadonlyMap<number, HeldOut>;
  readonly identity: RunIdentity;
  readonly state: RunState;
  /** In a dry run: as it would be if the run continued. */
  readonly journal: SelectionJournal;
  readonly vectors: VectorSource;
  readonly measures: ReadonlyMap<MeasureName, Measure>;
  /** What the user should know about how the run was opened. */
  readonly notes: readonly Wording[];
}

/**
 * Reads the pool and opens the run's state.
 * @param dryRun spend nothing and leave no trace: an existing state file is read, none is created
 */
export async function openPickRun(
  settings: PickSettings,
  workbench: Workbench,
  { dryRun }: { dryRun: boolean },
): Promise<PickRun> {
  const { strategy, strategyOptions, clock, asksLlm, stdin, signal, onProgress, onRecord } = settings;
  const sources = [...settings.pool, ...settings.existing, ...settings.exclude];
  const revisions = pinRevisions('pick', settings, sources, pickOptionsIdentity(settings));
  const reading = { ...readingOf(settings), remote: revisions.remote };
  const startedAt = clock.elapsed();
  // First, so that a missing key or price is reported before a large pool is read.
  if (asksLlm) await workbench.llm();
  const sameBy = choosesPairs(settings) ? 'pair' : 'instruction';
  const opening = { ...reading, stdin, signal, shardFolder: shardFolder(settings, { dryRun }) };
  const pool = await readPool(settings.pool, { ...opening, onProgress, onRecord, sameBy });
  const existing =
    settings.existing.length > 0 ? await readPool(settings.existing, { ...opening, fieldsOptional: true }) : undefined;
  const excluded =
    settings.exclude.length > 0 ? await readPool(settings.exclude, { ...opening, fieldsOptional: true }) : undefined;
  const tests = excluded?.instructions ?? [];
  const labeled = existing ? matchLabeled(pool, existing) : { positions: [], outside: [], otherTexts: [] };
  const vectors = await openVectorSource(
    dryRun ? { ...settings, saveEmbeddings: undefined } : settings,
    pool,
    { outside: labeled.outside, tests },
    workbench,
  );
  const identityOf = (edition: number) => {
    workbench.prompts.use(edition);
    const prompts = workbench.prompts.of(usedPrompts(settings, pool));
    const inputs = { pool, existing, excluded, prompts, embeddings: vectors.name, edition };
    return pickIdentity(settings, { ...inputs, revisions: revisions.identity() });
  };
  const identity = identityOf(
    promptEdition('pick', settings, (edition) => stateIdentity(settings, identityOf(edition))),
  );
  const opened = await openState('pick', settings, stateIdentity(settings, identity), { dryRun });
  const state = workbench.use(opened, opened.ledger);
  const reopened = settings.retryFailed && !dryRun ? state.journal.reopenFailed() : 0;
  const kernel = await workbench.kernel();
  return {
    ...{ settings, workbench, startedAt, kernel, pool, labeled, tests, identity, state, vectors },
    heldOut: findHeldOut(pool.instructions, tests),
    journal: settings.retryFailed && dryRun ? asReopened(state.journal) : state.journal,
    measures: await workbench.measures(strategy, strategyOptions, pool.instructions, () =>
      seedModelOf(existing, workbench, settings.llm.provider),
    ),
    notes: [
      ...revisions.notes(),
      ...openingNotes(settings, pool, kernel, reopened),
      ...vectors.notes,
      ...(await cueNotes(settings, pool)),
      ...badLabeled(existing),
      ...otherTextsNote(labeled),
    ],
  };
}

async function cueNotes({ asksLlm, llm, strategy, strategyOptions }: PickSettings, { instructions }: Pool) {
  if (!asksLlm || llm.provider !== 'offline') return [];
  const who = letsLlmChoose(strategy, strategyOptions) ? 'offline ranker' : 'offline judge';
  return englishCuesNote(who, instructions);
}

/** What the responses of labeled items make without an LLM; an LLM is asked itself. */
async function seedModelOf(existing: Pool | undefined, workbench: Workbench, provider: string) {
  const examples = (existing?.instructions ?? []).flatMap((item): LabeledExample[] =>
    item.output === undefined ? [] : [{ id: item.id, ...conversationOf(item), response: item.output }],
  );
  if (provider !== 'offline' || examples.length === 0) return undefined;
  const { embedder } = await workbench.embedder();
  return retrievalModel({ name: 'retrieval', examples, embedder, kernel: await workbench.kernel() });
}

/** Where scores are of responses, or of records, an instruction is read with each of its responses. */
function choosesPairs({ strategy, strategyOptions }: PickSettings): boolean {
  const measures = strategy.measures(strategyOptions, { hasResponses: true });
  return measures.some((name) => MEASURES.find(name).of !== 'instruction');
}

function usedPrompts({ strategy, strategyOptions, asksLlm, llm }: PickSettings, { instructions }: Pool) {
  if (!asksLlm) return promptsOf(strategy, strategyOptions);
  return [...allPrompts(strategy, strategyOptions, instructions, llm.provider), REPAIR_PROMPT];
}

/** Labeled items that cannot be read may be picked again, so they are reported. */
function badLabeled(existing: Pool | undefined): Wording[] {
  const [first] = existing?.badRecords ?? [];
  if (!existing || !first) return [];
  const where = `${first.source.file}:${first.source.line}: ${first.cause}`;
  return [
    sentence`${existing.badRecordCount} records of ${option('existing')} could not be read and count as unlabeled (${where}).`,
  ];
}

function otherTextsNote({ otherTexts }: LabeledItems): Wording[] {
  const [first] = otherTexts;
  if (first === undefined) return [];
  const which = otherTexts.length === 1 ? '1 id' : `${otherTexts.length} ids`;
  return [
    sentence`${which} in ${option('existing')} belong to other texts in the pool (the first is ${first.id}). These pool items count as unlabeled.`,
  ];
}

function openingNotes(settings: PickSettings, pool: Pool, kernel: MatrixKernel, reopened: number): Wording[] {
  const notes: Wording[] = readingNotes(pool);
  if (pool.repeatedIds > 0) {
    notes.push(`${pool.repeatedIds} ids are used by more than one text; a suffix was added to make them distinct.`);
  }
  if (kernel.name === 'javascript') {
    notes.push('The native matrix runtime does not load here. Plain JavaScript is used instead, which is much slower.');
  }
  if (letsLlmChoose(settings.strategy, settings.strategyOptions) && settings.llm.provider === 'offline') {
    notes.push(
      sentence`The offline ranker chose in place of an LLM. For real choices, set ${option('provider')} and ${option('model')}.`,
    );
  }
  if (settings.isDefaultStrategy && settings.llm.provider === 'offline') {
    notes.push(
      sentence`Chosen to cover the pool, without an LLM. To have an LLM choose, set ${option('provider')} and ${option('model')}.`,
    );
  }
  if (reopened > 0) notes.push(`${reopened} failed queries are asked again.`);
  return notes;
}
