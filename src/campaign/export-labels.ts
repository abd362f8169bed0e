import { chatMessages, openAiMessages } from '../domain/chat-messages.ts';
import type { JsonObject } from '../domain/instruction.ts';
import { usdNumber } from '../domain/money.ts';
import type { Answers } from '../domain/questions.ts';
import { answerCell } from '../labels/answer-cells.ts';
import { writeRecords } from '../records/write-records.ts';
import type { CampaignContext } from './campaign-context.ts';
import { draftsBefore } from './failures.ts';
import { labelingState } from './labeling-state.ts';
import { isDropped, leadDecisions } from './lead-decisions.ts';

export interface LabelExport {
  readonly path: string;
  /** Answers, rejections and skips, those that were replaced later among them. */
  readonly labels: number;
}

const TABLE = /\.(?:csv|tsv|parquet)(?:\.gz)?$/i;

/**
 * Writes every label with all that is known of it, in the order of import: what was asked, who answered what and when, what
 * it cost, the round, the model's answer that was to be corrected, and the fields of the record. `counts` says which of
 * several labels of an item is used; where a lead decided something, `by_lead` and `dropped` say more. The file can be imported again.
 * @param path its name says the format: JSON Lines, JSON, CSV, TSV or Parquet; tables have a column a field
 * @throws UsageError for an unknown extension; OutputError when the file cannot be written
 */
export async function exportLabels(context: CampaignContext, path: string): Promise<LabelExport> {
  const { state, config } = context;
  const items = context.instructions();
  const { labels, handedOut } = labelingState(state, config.labels);
  const plans = state.rounds.plans();
  const drafts = plans.map((plan) => draftsBefore(context, plan));
  const assigned = new Map(handedOut.map((item) => [item.position, item]));
  const followed = state.guidelines.followed();
  const annotations = state.labels.annotations();
  const actions = state.lead.actions();
  const decisions = leadDecisions(actions);
  const hasNotes = annotations.some(({ note, doubtful }) => note !== undefined || doubtful === true);
  const asked = [
    ...new Set([
      ...config.labels.questions.map(({ name }) => name),
      ...annotations.flatMap(({ answers = {} }) => Object.keys(answers)),
    ]),
  ];
  const records = annotations.map((label): JsonObject => {
    const item = items[label.position]!;
    const { round = null, rank = null } = assigned.get(label.position) ?? {};
    const draft = round === null ? undefined : drafts[round - 1]?.get(label.position);
    return {
      id: item.id,
      instruction: item.instruction,
      input: item.input ?? '',
      messages: openAiMessages(chatMessages(item)),
      response: label.response,
      verdict: label.verdict,
      comment: label.comment ?? null,
      ...(hasNotes ? { note: label.note ?? null, doubtful: label.doubtful ?? false } : {}),
      ...answerFields(asked, label.answers ?? {}, TABLE.test(path)),
      annotator: label.annotator,
      seconds: label.seconds,
      submitted_at: label.submittedAtMs === null ? null : new Date(label.submittedAtMs).toISOString(),
      source_id: label.sourceId,
      ...(followed.size === 0 ? {} : { guidelines: followed.get(label.id) ?? null }),
      cost_usd: usdNumber(label.costMicroUsd),
      round,
      rank,
      counts: labels.get(label.position)?.winner.id === label.id,
      ...(actions.length === 0
        ? {}
        : { by_lead: decisions.written.has(label.id), dropped: isDropped(label, decisions) }),
      model: draft?.answerModel ?? null,
      model_answer: draft?.answer ?? null,
      model_score: draft?.score ?? null,
      ...(TABLE.test(path) ? inColumns(item.record) : { record: item.record }),
    };
  });
  await writeRecords(records, path, { isPrivate: true });
  return { path, labels: records.length };
}

/** Answers by question: as one field, or a column each, with lists as the files for people have them. */
function answerFields(asked: readonly string[], answers: Answers, isTable: boolean): JsonObject {
  if (asked.length === 0) return {};
  if (!isTable) return { answers: answers as JsonObject };
  return Object.fromEntries(asked.map((name) => [`answers.${name}`, answerCell(answers[name])]));
}

function inColumns(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`record.${name}`, value]));
}
