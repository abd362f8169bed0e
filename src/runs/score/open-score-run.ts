import { type Clock, systemClock } from '../../domain/clock.ts';
import { UsageError } from '../../domain/errors.ts';
import { type JsonObject, textHash } from '../../domain/instruction.ts';
import type { Pool } from '../../domain/pool.ts';
import { REPAIR_PROMPT } from '../../models/llm-asker.ts';
import type { MeteredCaller } from '../../models/metering/metered-caller.ts';
import { loadPrompt } from '../../models/prompt-template.ts';
import { openLlm } from '../../models/providers/open-llm.ts';
import { poolFingerprint } from '../../records/pool-fingerprint.ts';
import { readPool } from '../../records/read-pool.ts';
import { type Criterion, judgesResponse } from '../../selection/judges/judge.ts';
import { checkField } from '../../selection/measures/field-measure.ts';
import type { Measure } from '../../selection/measures/measure.ts';
import type { JudgeKind } from '../../selection/strategies/scoring-options.ts';
import type { RunIdentity, RunState } from '../../store/run-state.ts';
import { type ClosedEmbedder, openEmbedder } from '../open-embedder.ts';
import { judgeKindFor } from '../open-judge.ts';
import { measurePrompts, openMeasure } from '../open-measures.ts';
import { askingIdentity, openAsker, openCaller, openState, promptIdentity, SHORT_HASH } from '../open-run.ts';
import { type JudgedItems, judgedItems } from './judged-items.ts';
import { normalizeScoreOptions, type ScoreOptions, type ScoreSettings } from './score-options.ts';

/** A run with everything it works with, opened and ready. */
export interface ScoreRun {
  readonly settings: ScoreSettings;
  readonly clock: Clock;
  /** When the run was opened, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly pool: Pool;
  /** Row → the record as it was read. */
  readonly records: readonly JsonObject[];
  readonly judged: JudgedItems;
  readonly dimension: Criterion | 'field';
  /** null where the records have their scores. */
  readonly judge: JudgeKind | null;
  /** Positions are indexes into `judged.items`. */
  readonly measure: Measure;
  readonly identity: RunIdentity;
  readonly state: RunState;
  readonly caller: MeteredCaller;
  /** How often what got no usable score was to be asked anew, this time included. */
  readonly generation: number;
  /** What the user should know about how the run was opened. */
  readonly notes: readonly string[];
  close(): void;
}

/**
 * Reads the pool, decides what is judged and by whom, and opens the run's state.
 * @param dryRun spend nothing and leave no trace: a state file is read if it is there, never begun
 */
export async function openScoreRun(options: ScoreOptions, { dryRun }: { dryRun: boolean }): Promise<ScoreRun> {
  const settings = normalizeScoreOptions(options);
  const clock = settings.clock ?? systemClock;
  const startedAt = clock.now();
  const llm = settings.asksLlm ? await openLlm(settings) : undefined;
  const { fields, skipBadLines, stdin, signal, onProgress, provider, promptFolder, retryFailed } = settings;
  const records: JsonObject[] = [];
  const pool = await readPool(settings.pool, {
    ...{ fields, skipBadLines, stdin, signal, onProgress, sameBy: 'pair' },
    onRecord: (record) => records.push(record),
  });
  const dimension = dimensionOf(settings, pool);
  const judge = dimension === 'field' ? null : judgeKindFor(dimension, settings, provider);
  const judged = findJudged(settings, dimension, pool, records);
  const scoring = scoringOf(settings, judge);
  const used = settings.asksLlm ? [...measurePrompts([dimension], scoring, provider), REPAIR_PROMPT] : [];
  const prompts = new Map(used.map(({ id, variables }) => [id, loadPrompt(id, variables, promptFolder)]));

  const identity = scoreIdentity(settings, pool, { dimension, judge, prompts });
  const state = await openState('score', settings, identity, { dryRun, clock });
  const caller = openCaller(state, settings, { clock, seed: 0 });
  const generation = state.journal.retries() + (retryFailed ? 1 : 0);
  const asker = llm && openAsker(llm, state, caller, settings, prompts);
  let local: ClosedEmbedder | undefined;
  const close = () => {
    local?.close();
    state.close();
  };
  const measure = await openMeasure(dimension, scoring, {
    instructions: judged.items,
    judgingProvider: provider,
    prompt: (id) => prompts.get(id)!,
    judgingLlm: async () => ({ asker: asker!, endpoint: llm!.client.endpoint }),
    writer: async () => asker!,
    localEmbedder: async () => {
      local ??= await openEmbedder({ ...settings, embedder: 'minilm' });
      return local.open(caller).embedder;
    },
  }).catch((error: unknown) => {
    close();
    throw error;
  });
  return {
    ...{ settings, clock, startedAt, pool, records, judged, dimension, judge, measure, identity, state, caller, close },
    generation,
    notes: openingNotes(settings, pool, dimension, judge),
  };
}

function dimensionOf(
  { dimension, scoreField, draft, wantsExpert }: ScoreSettings,
  { instructions }: Pool,
): Criterion | 'field' {
  if (scoreField !== undefined) return 'field';
  if (dimension !== undefined) return dimension;
  return draft || wantsExpert || instructions.every(({ output }) => output !== undefined) ? 'accuracy' : 'quality';
}

/** @throws PoolError where no record has the field; UsageError where responses are to be judged and there are none */
function findJudged(
  { scoreField, draft }: ScoreSettings,
  dimension: Criterion | 'field',
  pool: Pool,
  records: readonly JsonObject[],
): JudgedItems {
  if (dimension === 'field') {
    checkField(scoreField!, records);
    // Of records that are the same otherwise, each has a score of its own.
    const items = records.map((record, row) => ({ ...pool.instructions[pool.positionOfRow[row]!]!, record }));
    return { items, itemOfRow: Int32Array.from(items.keys()) };
  }
  const judged = judgedItems(pool, judgesResponse(dimension) ? (draft ? 'pairs' : 'responses') : 'instructions');
  if (judged.items.length === 0) {
    throw new UsageError(
      `The ${dimension} of responses is judged, and none of the ${records.length} records has one.`,
      'Have the LLM write them with --draft, name the field they are in with --output-field, or judge the instructions alone with --dimension quality.',
    );
  }
  return judged;
}

function scoringOf({ scoreField, scorer, draft }: ScoreSettings, judge: JudgeKind | null) {
  return {
    ...(judge === null ? {} : { judge }),
    ...(scoreField === undefined ? {} : { scoreField }),
    ...(scorer === undefined ? {} : { scorer }),
    draft,
  };
}

/** What makes two runs the same run. Keys are what users call the options; see RunIdentity. */
function scoreIdentity(
  settings: ScoreSettings,
  pool: Pool,
  {
    dimension,
    judge,
    prompts,
  }: Pick<ScoreRun, 'dimension' | 'judge'> & { prompts: Parameters<typeof promptIdentity>[0] },
): RunIdentity {
  const responses = textHash(JSON.stringify(pool.instructions.map(({ output }) => output ?? null)));
  return {
    pool: poolFingerprint(pool).slice(0, SHORT_HASH),
    ...(dimension === 'field' || judgesResponse(dimension) ? { responses: responses.slice(0, SHORT_HASH) } : {}),
    dimension,
    judge,
    scoreField: settings.scoreField ?? null,
    scorer: settings.scorer ?? null,
    draft: settings.draft,
    ...(settings.asksLlm ? askingIdentity(settings) : {}),
    ...promptIdentity(prompts),
  };
}

function openingNotes(
  { dimension: asked, provider }: ScoreSettings,
  { instructions }: Pool,
  dimension: Criterion | 'field',
  judge: JudgeKind | null,
): string[] {
  const notes: string[] = [];
  const missing = instructions.filter(({ output }) => output === undefined).length;
  if (asked === undefined && dimension === 'quality' && missing < instructions.length) {
    notes.push(
      `${missing} of ${instructions.length} instructions have no response, so instructions alone are judged. For the responses that are there: --dimension accuracy.`,
    );
  }
  if (judge === 'offline' && provider === 'offline') {
    notes.push(
      'The offline judge reads surface features, a stand-in for an LLM. For real judgments: --provider … --model ….',
    );
  }
  return notes;
}
