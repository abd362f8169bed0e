import { createHash } from 'node:crypto';
import { identityText } from '../../domain/conversation.ts';
import { PoolError, UsageError } from '../../domain/errors.ts';
import { type Instruction, textHash } from '../../domain/instruction.ts';
import { option, sentence } from '../../domain/wording.ts';
import { type Categories, findCategories } from '../../records/categories.ts';
import { readPool } from '../../records/read-pool.ts';
import { readingNotes } from '../../records/reading-notes.ts';
import { readingOf } from '../../records/reading-options.ts';
import { GIVEN_RECORDS } from '../../records/record-reader.ts';
import { checkField } from '../../selection/measures/field-measure.ts';
import { scoreIn } from './hide-response.ts';
import type { SimulateSettings } from './simulate-options.ts';
import { type SplitSizes, splitSizes } from './split.ts';

/** An instruction with the response it was labeled with. */
export type LabeledInstruction = Instruction & { readonly output: string };

/** What is simulated on. Positions index `instructions`. */
export interface LabeledData {
  readonly files: readonly string[];
  /** Records read. */
  readonly records: number;
  /** Distinct, with a response, in reading order. */
  readonly instructions: readonly LabeledInstruction[];
  readonly categories: Categories;
  readonly sizes: SplitSizes;
  /** Of ids, texts and responses, in order: SHA-256, 64 hex digits. */
  readonly fingerprint: string;
  readonly notes: readonly string[];
}

/**
 * Reads labeled data and decides how to split it.
 * @throws PoolError, or UsageError where a budget is larger than the pool or a score field holds the responses
 */
export async function readLabeledData(settings: SimulateSettings, remote = settings.remote): Promise<LabeledData> {
  const { stdin, signal, onProgress } = settings;
  const read = await readPool(settings.pool, { ...readingOf(settings), remote, stdin, signal, onProgress });
  const instructions = read.instructions.filter(isLabeled);
  if (instructions.length === 0) {
    throw new PoolError(`None of the ${read.instructions.length} instructions has a response.`, {
      hint: sentence`A simulation replays existing labels. If they are in another field, set ${option('fields.output')} to its name.`,
    });
  }
  const sizes = splitSizes(instructions.length, settings);
  checkBudgets(settings, instructions.length, sizes);
  for (const { arm } of settings.arms) checkScoreField(arm.options.scoreField, instructions);
  const categories = findCategories(instructions, settings.categoryField);
  const without = read.instructions.length - instructions.length;
  return {
    files: settings.pool.map((source) => (typeof source === 'string' ? source : GIVEN_RECORDS)),
    records: read.positionOfRow.length,
    instructions,
    categories,
    sizes,
    fingerprint: fingerprint(instructions),
    notes: [
      ...readingNotes(read).map(String),
      ...(without > 0 ? [`${counted(without, 'instruction has', 'instructions have')} no response; left out.`] : []),
      ...(read.badRecordCount > 0
        ? [`${counted(read.badRecordCount, 'record', 'records')} could not be read; left out.`]
        : []),
      ...(sizes.heldOut < settings.heldOut
        ? [
            `${counted(sizes.heldOut, 'instruction is', 'instructions are')} held out, a fifth of all, not ${settings.heldOut}.`,
          ]
        : []),
    ],
  };
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

function isLabeled(item: Instruction): item is LabeledInstruction {
  return item.output !== undefined;
}

function checkBudgets({ budgets, sample }: SimulateSettings, labeled: number, { pool, heldOut }: SplitSizes): void {
  const largest = budgets.at(-1)!;
  if (largest <= pool) return;
  const all = labeled - heldOut;
  const whichPool = pool === all ? 'the other' : sentence`${option('sample')} takes ${sample} of the other ${all}:`;
  throw new UsageError(
    sentence`${option('budgets', largest)} is more than the pool has: of ${labeled} labeled instructions ${heldOut} are held out, and ${whichPool} ${pool} can be chosen.`,
    pool === all
      ? sentence`Lower ${option('budgets')} or ${option('heldOut')}, or give more data.`
      : sentence`Lower ${option('budgets')} or raise ${option('sample')}.`,
  );
}

/**
 * A score that is the response would reveal what must stay hidden.
 * @throws PoolError where there are no scores
 */
function checkScoreField(field: unknown, instructions: readonly LabeledInstruction[]): void {
  if (typeof field !== 'string') return;
  checkField(
    field,
    instructions.map(({ record }) => record),
  );
  const scored = instructions.filter((item) => scoreIn(item, field) !== undefined);
  if (scored.length === 0) throw new PoolError(`The field "${field}" is not a number in any labeled record.`);
  if (scored.every((item) => String(scoreIn(item, field)) === item.output)) {
    throw new UsageError(`The score field "${field}" is the response itself, which is hidden.`);
  }
}

function fingerprint(instructions: readonly LabeledInstruction[]): string {
  const digest = createHash('sha256');
  for (const item of instructions) {
    const line = [item.id, textHash(identityText(item)), textHash(item.output)];
    digest.update(`${JSON.stringify(line)}\n`);
  }
  return digest.digest('hex');
}
