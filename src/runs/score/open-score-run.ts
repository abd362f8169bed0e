import { UsageError } from '../../domain/errors.ts';
import { type JsonObject, textHash } from '../../domain/instruction.ts';
import { lazyList } from '../../domain/lazy-list.ts';
import type { Pool } from '../../domain/pool.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import { REPAIR_PROMPT } from '../../models/llm-asker.ts';
import { englishCuesNote } from '../../models/offline/english-cues.ts';
import { pluginIdentity } from '../../plugins/plugin.ts';
import { readPool } from '../../records/read-pool.ts';
import { readingNotes } from '../../records/reading-notes.ts';
import { readingOf } from '../../records/reading-options.ts';
import { ItemShards } from '../../records/shards/item-shards.ts';
import { CRITERIA } from '../../selection/judges/criteria.ts';
import { judgeKindFor } from '../../selection/judges/registry.ts';
import { checkField } from '../../selection/measures/field-measure.ts';
import type { Measure } from '../../selection/measures/measure.ts';
import { measurePrompts } from '../../selection/measures/open-measures.ts';
import { MEASURES } from '../../selection/measures/registry.ts';
import type { RunIdentity, RunState } from '../../store/run-state.ts';
import { askingIdentity, openState, promptEdition, promptIdentity, SHORT_HASH, shardFolder } from '../open-run.ts';
import { pinRevisions } from '../pinned-revisions.ts';
import type { Workbench } from '../workbench.ts';
import { type JudgedItems, judgedItems } from './judged-items.ts';
import type { ScoreSettings } from './score-options.ts';

/** A run with everything it works with, opened and ready. */
export interface ScoreRun {
  readonly settings: ScoreSettings;
  readonly workbench: Workbench;
  /** When the run was opened, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly pool: Pool;
  /** Row → the record as it was read. */
  readonly records: readonly JsonObject[];
  readonly judged: JudgedItems;
  readonly dimension: string;
  /** null if the scores come from the records. */
  readonly judge: string | null;
  /** Positions are indexes into `judged.items`. */
  readonly measure: Measure;
  readonly identity: RunIdentity;
  readonly state: RunState;
  /** How often failed scores were asked for again, this run included. */
  readonly generation: number;
  /** What the user should know about how the run was opened. */
  readonly notes: readonly Wording[];
}

/**
 * Reads the pool, decides what is judged and by which judge, and opens the run's state.
 * @param dryRun spend nothing and leave no trace: an existing state file is read, none is created
 */
export async function openScoreRun(
  settings: ScoreSettings,
  workbench: Workbench,
  { dryRun }: { dryRun: boolean },
): Promise<ScoreRun> {
  const startedAt = settings.clock.elapsed();
  const { stdin, signal, onProgress, asksLlm, retryFailed } = settings;
  // First, so that a missing key or price is reported before a large pool is read.
  if (asksLlm) await workbench.llm();
  const { provider } = settings.llm;
  const folder = shardFolder(settings, { dryRun });
  const asIs = { pack: (record: JsonObject) => record, unpack: (record: JsonObject) => record };
  const shards = new ItemShards(asIs, { folder });
  const asking = asksLlm ? askingIdentity(settings.llm) : {};
  const revisions = pinRevisions('score', settings, settings.pool, asking);
  const pool = await readPool(settings.pool, {
    ...readingOf(settings),
    remote: revisions.remote,
    ...{ stdin, signal, onProgress, sameBy: 'pair', shardFolder: folder },
    onRecord: (record) => {
      settings.onRecord?.(record);
      shards.push(record);
    },
  });
  const records = shards.list();
  const dimension = dimensionOf(settings, pool);
  const judge = dimension === 'field' ? null : judgeKindFor(CRITERIA.find(dimension), { ...settings }, provider).name;
  const judged = findJudged(settings, dimension, pool, records);
  const scoring = scoringOf(settings, judge);
  const identityOf = (edition: number) => {
    workbench.prompts.use(edition);
    const used = asksLlm ? [...measurePrompts([dimension], scoring, provider), REPAIR_PROMPT] : [];
    const identity = scoreIdentity(settings, pool, { dimension, judge, prompts: workbench.prompts.of(used) });
    return { ...identity, ...revisions.identity() };
  };
  const identity = identityOf(promptEdition('score', settings, identityOf));
  const opened = await openState('score', settings, identity, { dryRun });
  const state = workbench.use(opened, opened.ledger);
  const measure = await workbench.measure(dimension, scoring, judged.items);
  return {
    ...{ settings, workbench, startedAt, pool, records, judged, dimension, judge, measure, identity, state },
    generation: state.journal.retries() + (retryFailed ? 1 : 0),
    notes: [
      ...revisions.notes(),
      ...openingNotes(settings, pool, dimension, judge),
      ...(judge === 'offline' || judge === 'expert' ? await englishCuesNote(`${judge} judge`, pool.instructions) : []),
    ],
  };
}

function dimensionOf({ dimension, scoreField, draft, judgesResponses }: ScoreSettings, { instructions }: Pool): string {
  if (scoreField !== undefined) return 'field';
  if (dimension !== undefined) return dimension;
  return draft || judgesResponses || instructions.every(({ output }) => output !== undefined) ? 'accuracy' : 'quality';
}

/** @throws PoolError where no record has the field; UsageError where responses are to be judged and there are none */
function findJudged(
  { scoreField, draft }: ScoreSettings,
  dimension: string,
  pool: Pool,
  records: readonly JsonObject[],
): JudgedItems {
  if (dimension === 'field') {
    checkField(scoreField!, records);
    // Records with the same text may have different scores.
    const items = lazyList(records.length, (row) => ({
      ...pool.instructions[pool.positionOfRow[row]!]!,
      record: records[row]!,
    }));
    return { items, itemOfRow: Int32Array.from(items.keys()) };
  }
  const judged = judgedItems(
    pool,
    CRITERIA.find(dimension).of === 'response' ? (draft ? 'pairs' : 'responses') : 'instructions',
  );
  if (judged.items.length === 0) {
    throw new UsageError(
      `The ${dimension} of responses is judged, but none of the ${records.length} records has a response.`,
      sentence`Have the LLM write them (${option('draft')}), set ${option('fields.output')} to the field they are in, or judge the instructions alone with ${option('dimension', 'quality')}.`,
    );
  }
  return judged;
}

function scoringOf({ scoreField, scorer, judgeOptions, draft }: ScoreSettings, judge: string | null) {
  return {
    ...judgeOptions,
    ...(judge === null ? {} : { judge }),
    ...(scoreField === undefined ? {} : { scoreField }),
    ...(scorer === undefined ? {} : { scorer }),
    draft,
  };
}

/** What makes two runs the same run. Keys are option names; see RunIdentity. */
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
    pool: pool.fingerprint.slice(0, SHORT_HASH),
    ...(MEASURES.find(dimension).of !== 'instruction' ? { responses: responses.slice(0, SHORT_HASH) } : {}),
    dimension,
    judge,
    scoreField: settings.scoreField ?? null,
    scorer: settings.scorer ?? null,
    draft: settings.draft,
    ...(settings.asksLlm ? askingIdentity(settings.llm) : {}),
    ...promptIdentity(prompts),
    ...settings.judgeOptions,
    ...pluginIdentity(settings.plugins),
  };
}

function openingNotes(
  { dimension: asked, llm: { provider } }: ScoreSettings,
  { instructions, readings, personalData }: Pool,
  dimension: string,
  judge: string | null,
): Wording[] {
  const notes: Wording[] = readingNotes({ readings, ...(personalData ? { personalData } : {}) });
  const missing = instructions.filter(({ output }) => output === undefined).length;
  if (asked === undefined && dimension === 'quality' && missing < instructions.length) {
    notes.push(
      sentence`${missing} of ${instructions.length} instructions have no response, so instructions alone are judged. For the responses that are there: ${option('dimension', 'accuracy')}.`,
    );
  }
  if (judge === 'offline' && provider === 'offline') {
    notes.push(
      sentence`The offline judge reads surface features in place of an LLM. For real judgments, set ${option('provider')} and ${option('model')}.`,
    );
  }
  return notes;
}
