import type { Command } from 'commander';
import type { PickOptions } from '../../runs/pick/pick-options.ts';
import { addEmbedderOptions, type EmbedderFlags, toEmbedderOptions } from './embedder-options.ts';
import { decimal, idList, whole } from './option-values.ts';
import {
  addBatchOptions,
  addBudgetOptions,
  addLlmOptions,
  addOutputOptions,
  addReadingOptions,
  addRunningOptions,
  given,
  POOL_FILES,
  type RunFlags,
  toRunOptions,
} from './run-options.ts';
import { addStrategyOptions, toStrategyOptions } from './strategy-options.ts';

/** Option values as commander hands them over. */
export interface PickFlags extends RunFlags, EmbedderFlags {
  readonly count: number;
  readonly output?: string;
  readonly strategy?: string;
  readonly seed: number;
  readonly dedupeThreshold?: number;
  readonly severalPerConversation?: boolean;
  readonly existing?: readonly string[];
  readonly exclude?: readonly string[];
  readonly where?: readonly string[];
  readonly quota?: readonly string[];
  readonly atLeast?: readonly string[];
  readonly atMost?: readonly string[];
  readonly mustInclude?: readonly string[];
  readonly excludeIds?: readonly string[];
  readonly embeddings?: string;
  readonly saveEmbeddings?: string;
  readonly [strategyOption: string]: unknown;
}

/** Adds everything `pick` and `plan` have in common. */
export function addPickOptions(command: Command): Command {
  command
    .argument('<pool...>', POOL_FILES)
    .requiredOption('-n, --count <n>', 'how many instructions to pick', whole(1));
  addOutputOptions(command)
    .optionsGroup('Choosing:')
    .option('--seed <n>', 'the same seed gives the same selection', whole(Number.MIN_SAFE_INTEGER), 0)
    .option('--existing <file...>', 'items that are already labeled: never picked, but counted for coverage')
    .option('--exclude <file...>', 'test items: never picked, nor what repeats or contains one')
    .option(
      '--where <field=value...>',
      'only items whose field has one of the values: language=en,de; !=: any other; id!=q7: without that item',
    )
    .option('--quota <field=shares...>', 'shares of the picks by a field: language=en:60%,de:40%')
    .option('--at-least <field=value:n...>', 'at least n picks with that value: topic=billing:20')
    .option('--at-most <field=n...>', 'at most n picks of each value: user=3, conversation=2')
    .option('--must-include <id...>', 'items that are picked first; @ids.txt: a file of ids, one a line', idList)
    .option('--exclude-ids <id...>', 'items that are never picked; @ids.txt: a file of ids, one a line', idList)
    .option(
      '--dedupe-threshold <c>',
      'cosine from which two instructions count as one, 0 = off (default: 0.98)',
      decimal,
    )
    .option('--several-per-conversation', 'pick several turns of one conversation too (with --turns each)');
  addStrategyOptions(command);
  addLlmOptions(command.optionsGroup('LLM:'), {
    does: 'chooses, judges and writes',
    prompts: 'select.md, judge-accuracy.md, …',
  });
  addBatchOptions(command);
  addEmbedderOptions(command)
    .option('--embeddings <file.npy>', 'your own vectors, one row per record')
    .option('--save-embeddings <file.npy>', 'write the vectors in the same format');
  addReadingOptions(command);
  addBudgetOptions(command);
  return addRunningOptions(command, { name: 'pick', retry: 'retry earlier queries that failed' });
}

/** @param environment where the keys are */
export function toPickOptions(pool: readonly string[], flags: PickFlags, environment: NodeJS.ProcessEnv): PickOptions {
  return given({
    ...toRunOptions(flags, environment),
    pool,
    count: flags.count,
    existing: flags.existing,
    exclude: flags.exclude,
    where: flags.where,
    quota: flags.quota,
    atLeast: flags.atLeast,
    atMost: flags.atMost,
    mustInclude: flags.mustInclude,
    excludeIds: flags.excludeIds,
    strategy: flags.strategy,
    strategyOptions: toStrategyOptions(flags),
    seed: flags.seed,
    dedupeThreshold: flags.dedupeThreshold,
    severalPerConversation: flags.severalPerConversation,
    ...toEmbedderOptions(flags, environment),
    embeddings: flags.embeddings,
    saveEmbeddings: flags.saveEmbeddings,
  });
}
