import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import { count, share, text } from '../../domain/option-values.ts';
import { BRIDGES } from '../../labels/registry.ts';
import { TRAINING_FORMATS } from '../../labels/training/registry.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { TURN_CHOICES } from '../../records/conversations/split-turns.ts';
import { PRESETS } from '../../records/presets/registry.ts';
import { PERSONAL_DATA_CHOICES } from '../../records/reading-options.ts';
import { TEXT_ITEMS } from '../../records/text-lines.ts';
import { parseConstraints } from '../../selection/constraints/constraints.ts';
import { JUDGES } from '../../selection/judges/registry.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import { budget, labels } from './labels-config.ts';
import { embedder, llm } from './model-config.ts';
import { control, quality, rounds, stop } from './rounds-config.ts';
import { llmUseProblem, strategyOptionsProblem } from './strategy-options-problem.ts';
import { trainer } from './trainer-config.ts';

const fields = z.strictObject({
  instruction: text.optional().describe('field of the instruction'),
  input: text.optional().describe('field of what the instruction is about'),
  output: text.optional().describe('field of an existing response'),
  id: text.optional().describe('field of an id that never changes'),
});

const turns = z.enum(TURN_CHOICES);
const roles = z.record(text, z.enum(['user', 'assistant', 'system', 'tool']));

/** A file that is read in its own way. */
export const poolFile = z.strictObject({
  path: text.describe('the file, folder, pattern or address'),
  fields: fields.optional().describe('names of its record fields'),
  turns: turns.optional().describe('which user turn of a conversation is asked'),
  roles: roles.optional().describe('what unusual names of roles stand for'),
  from: z.enum(PRESETS.names).optional().describe('the tool that wrote it'),
  encoding: text.optional().describe('where it is not UTF-8, such as windows-1252'),
  textItems: z.enum(TEXT_ITEMS).optional().describe('what one item of a text file is'),
  skipBadLines: z.boolean().optional().describe('leave unreadable records out and report them'),
});

const list = (description: string) => z.array(text).default([]).describe(description);

const pool = z
  .strictObject({
    files: z
      .array(z.union([text, poolFile]))
      .min(1)
      .describe(
        'JSONL, JSON, CSV, TSV, Parquet, Arrow or text, each also .gz or .zst; folders, patterns and addresses (hf://, s3://, https://) too',
      ),
    fields: fields.prefault({}).describe('names of record fields, where detection would not find them'),
    turns: turns.default('last').describe('which user turn of a conversation is asked: the last, the first, or each'),
    roles: roles.default({}).describe('what unusual names of roles stand for'),
    from: z
      .enum(PRESETS.names)
      .optional()
      .describe('the tool that wrote the records; default: recognized where it can be'),
    encoding: text.optional().describe('of files that are not UTF-8, such as windows-1252'),
    pii: z
      .enum(PERSONAL_DATA_CHOICES)
      .optional()
      .describe('e-mail, phone, card, IBAN, keys, IP: report them, mask them, or exclude their items'),
    textItems: z
      .enum(TEXT_ITEMS)
      .optional()
      .describe('what one item of a text file is; default: line, of .md files: file'),
    severalPerConversation: z.boolean().default(false).describe('choose several turns of one conversation too'),
    skipBadLines: z.boolean().default(false).describe('leave unreadable records out and report them'),
    exclude: z
      .array(text)
      .default([])
      .describe('files of test items: never picked, nor what repeats one, contains one or is part of one'),
    where: list(
      'only items whose field has one of the values, such as language=en,de; status!=closed for any other; id!=q7 leaves out an item',
    ),
    quota: list('shares of each round by a field, such as language=en:60%,de:40%'),
    atLeast: list('fewest labels with a value in the whole campaign, such as topic=billing:20'),
    atMost: list('most labels of each value in the whole campaign, such as user=3'),
    mustInclude: list('ids of items that are chosen first'),
    excludeIds: list('ids of items that are never chosen'),
    dedupeThreshold: share.default(0.98).describe('cosine from which two instructions count as one; 0 = off'),
  })
  .superRefine((given, context) => {
    try {
      parseConstraints(given);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      context.addIssue({ code: 'custom', path: [], message: `has a limit that cannot be read: ${error.message}` });
    }
  });

const requests = z.strictObject({
  concurrency: count.default(8).describe('most calls at once'),
  timeoutSeconds: z.number().positive().max(2_000_000).default(120).describe('how long a call may take'),
  prompts: text.optional().describe('a folder with prompts of your own, by file name'),
});

const engineAddress = text.refine((address) => !URL.canParse(address) || new URL(address).password === '', {
  error: 'must hold no password. Set WINNOW_ENGINE_PASSWORD instead.',
});

const answers = z.strictObject({
  maxOutputTokens: count.default(512).describe('most tokens of one answer'),
  temperature: z.number().min(0).max(2).default(0).describe('0 gives the likeliest answer'),
});

/** What the choices in winnow.yaml follow from. */
const REGISTRIES = [PROVIDERS, EMBEDDERS, STRATEGIES, JUDGES, TRAINERS, BRIDGES, TRAINING_FORMATS];

let built: { readonly names: string; readonly schema: ReturnType<typeof buildSchema> } | undefined;

/**
 * winnow.yaml, as a user writes it. Descriptions are what editors and the reference show. What values are
 * allowed is said by allowedValues, from the JSON Schema; only checks across keys have messages of their own,
 * which go on from the key's name: "labels.url" + "does nothing for …".
 */
export function campaignConfigSchema() {
  const names = REGISTRIES.flatMap((registry) => registry.names).join();
  if (built?.names !== names) built = { names, schema: buildSchema() };
  return built.schema;
}

function buildSchema() {
  return z
    .strictObject({
      version: z.literal(1).default(1).describe('of this format'),
      seed: z.int().default(0).describe('the same seed, pool and replies give the same campaign'),
      pool: pool.describe('what people may be asked to answer'),
      embedder: embedder().prefault({}).describe('turns texts into vectors'),
      llm: llm().prefault({}).describe('the LLM that chooses'),
      judge: llm().optional().describe('the LLM that judges; by default the one that chooses'),
      plugins: z
        .array(text)
        .default([])
        .describe('modules with strategies, providers, judges and more of your own: paths from here, or packages'),
      requests: requests.prefault({}).describe('how models are called'),
      engine: engineAddress
        .optional()
        .describe('a Redis server whose workers embed: redis://host:6379; default: everything runs in this process'),
      engineFolder: text
        .optional()
        .describe('the folder that this machine and the workers share; default: .winnow/engine'),
      budget: budget.prefault({}),
      labels: labels().prefault({}).describe('who labels, with what, and what it costs'),
      quality: quality.optional().describe('judge every instruction first and leave the bad ones out (MoDS)'),
      rounds: rounds().prefault({}).describe('what is chosen, round by round'),
      control: control.prefault({}).describe('what the labels drawn at random are used for'),
      trainer: trainer().prefault({ kind: 'retrieval' }).describe('trains the seed model'),
      answers: answers.prefault({}).describe('how the seed model is asked'),
      stop: stop.prefault({}).describe('rules that end the campaign before its budget does'),
    })
    .superRefine((given, context) => {
      const { seed, necessity } = given.rounds;
      const providers = { writing: given.llm.provider, judging: (given.judge ?? given.llm).provider };
      for (const [round, { strategy, options }] of Object.entries({ seed, necessity })) {
        // Options the strategy refuses are reported with the round.
        if (strategy === undefined || strategyOptionsProblem(strategy, options) !== undefined) continue;
        const problem = llmUseProblem(strategy, options, providers);
        const path = ['rounds', round, ...(problem?.path ?? [])];
        if (problem) context.addIssue({ code: 'custom', path, message: problem.message });
      }
      if (given.judge?.reasons !== undefined) {
        const message = 'does nothing for a judge, which always gives reasons; set llm.reasons for those of choices';
        context.addIssue({ code: 'custom', path: ['judge', 'reasons'], message });
      }
      const paid = given.labels.perLabelUsd ?? given.labels.perMinuteUsd;
      if (given.budget.labelUsd !== undefined && paid === undefined) {
        const message =
          'caps nothing: set labels.perLabelUsd or labels.perMinuteUsd, without which labels cost nothing';
        context.addIssue({ code: 'custom', path: ['budget', 'labelUsd'], message });
      }
    });
}

/** winnow.yaml with every default filled in; money in micro-dollars. */
export type CampaignConfig = z.output<ReturnType<typeof campaignConfigSchema>>;
