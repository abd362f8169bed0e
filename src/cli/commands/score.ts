import { type Command, Option } from 'commander';
import { lazyMap } from '../../domain/lazy-list.ts';
import { checkOutput, writeRecords } from '../../records/write-records.ts';
import { planScore, scorePool, scoreRecord } from '../../runs/score/score.ts';
import type { ScoreOptions } from '../../runs/score/score-options.ts';
import type { ScorePlan } from '../../runs/score/score-plan.ts';
import { CRITERIA, type Criterion } from '../../selection/judges/criteria.ts';
import { confirmSpending, type Spending } from '../confirm-spending.ts';
import { EXIT_OF_END, isUnfinished } from '../exit-code.ts';
import { renderScorePlan, renderScoreSummary } from '../output/render-score.ts';
import { print, printJson, printRecords } from '../print.ts';
import { refuseToOverwrite } from '../refuse-to-overwrite.ts';
import type { Terminal } from '../terminal.ts';
import { withProgress } from '../with-progress.ts';
import { addDeclaredFlags, declaredValues } from './declared-flags.ts';
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
import { scoringOwners } from './strategy-options.ts';

interface ScoreFlags extends RunFlags {
  readonly output?: string;
  readonly judge?: string;
  readonly dimension?: ScoreOptions['dimension'];
  readonly scoreField?: string;
  readonly scorer?: string;
  readonly draft?: boolean;
}

const OWN_OPTIONS: ReadonlySet<string> = new Set(['judge', 'scoreField', 'scorer', 'draft']);

const EXAMPLES = `
Examples:
  $ winnow score pairs.jsonl -o scored.jsonl
      How good are these responses? The expert scorer judges. No key, no cost.
  $ winnow score pool.jsonl --dimension complexity --judge offline -o scored.jsonl
      How demanding are these instructions? The offline stand-in judges.
  $ winnow score pairs.jsonl --dimension helpfulness --provider openai --model gpt-4o-mini --max-usd 2 -o scored.jsonl
      Let an LLM judge, for at most two dollars. If it is interrupted or out of budget, run it again to continue.
  $ winnow pick scored.jsonl --strategy alpagasus --score-field winnow.score --count 500
      Choose by these scores.

Each record is written unchanged, with winnow: {score, reason, judge} added. A record without a usable score has
score null and the cause under failure. API keys are read from the environment, as for "winnow pick".

Exit codes: 0 done; 1 an error, or some records got no score; 2 wrong usage; 3 stopped by a budget, not
confirmed, or waiting for a batch; 130 interrupted.
`;

/** `winnow score`. */
export function defineScore(command: Command, terminal: Terminal): void {
  addOutputOptions(command.argument('<pool...>', POOL_FILES))
    .optionsGroup('Judging:')
    .addOption(
      new Option(
        '--dimension <name>',
        `${dimensionsOf('response')}; ${dimensionsOf('instruction')} (default: accuracy where every record has a response, else quality)`,
      ).choices(CRITERIA.names),
    );
  addDeclaredFlags(command, scoringOwners());
  addLlmOptions(command, { does: 'judges and drafts', prompts: 'judge-accuracy.md, repair.md, …' });
  addBatchOptions(command);
  addReadingOptions(command);
  addBudgetOptions(command);
  addRunningOptions(command, { name: 'score', retry: 'retry earlier records that got no usable score' })
    .option('--plan', 'show the plan and its cost, then stop')
    .option('-y, --yes', 'accept the cost without asking')
    .addHelpText('after', EXAMPLES)
    .action((pool: string[], flags: ScoreFlags) =>
      flags.plan ? runPlan(pool, flags, terminal) : runScore(pool, flags, terminal),
    );
}

/** "of responses: accuracy, helpfulness" */
function dimensionsOf(of: Criterion['of']): string {
  const names = [...CRITERIA].filter((criterion) => criterion.of === of).map(({ name }) => name);
  return `of ${of === 'response' ? 'responses' : 'instructions alone'}: ${names.join(', ')}`;
}

async function runPlan(pool: readonly string[], flags: ScoreFlags, terminal: Terminal): Promise<void> {
  const plan = await withProgress(terminal, (running) =>
    planScore({ ...toScoreOptions(pool, flags, terminal), ...running }),
  );
  if (flags.json) printJson(terminal, plan);
  else print(terminal, terminal.stdout, renderScorePlan(plan));
}

async function runScore(pool: readonly string[], flags: ScoreFlags, terminal: Terminal): Promise<void> {
  const onRecord = flags.output === undefined ? undefined : await checkOutput(flags.output);
  refuseToOverwrite('--output', flags.output, [...pool, flags.state, flags.scorer]);
  const { records: scored, summary } = await withProgress(terminal, (running, stopProgress) =>
    scorePool({
      ...toScoreOptions(pool, flags, terminal),
      ...running,
      onRecord,
      ...(flags.yes
        ? {}
        : {
            confirm: (plan) => {
              stopProgress();
              return confirmSpending(spendingOf(plan), terminal, { stdinIsTaken: pool.includes('-') });
            },
          }),
    }),
  );
  // The scores of a run that is to go on are in its state. A file has all records, or the cause for each missing score.
  const records = isUnfinished(summary.end) ? [] : lazyMap(scored, scoreRecord);
  // An empty result does not replace the output of an earlier run.
  const isStopped = summary.stoppedBy !== null && summary.scored === 0;
  const output = records.length === 0 || isStopped ? undefined : flags.output;
  if (output !== undefined) await writeRecords(records, output, { rawCells: flags.rawCells });
  if (flags.json) {
    printJson(terminal, { ...summary, output: output ?? null, ...(flags.output === undefined ? { records } : {}) });
  } else {
    if (flags.output === undefined && !isStopped) await printRecords(terminal, records);
    print(terminal, terminal.stderr, renderScoreSummary(summary, output, terminal.width));
  }
  terminal.setExitCode(EXIT_OF_END[summary.end]);
}

function toScoreOptions(pool: readonly string[], flags: ScoreFlags, { environment, stdin }: Terminal): ScoreOptions {
  const { judge, dimension, scoreField, scorer, draft } = flags;
  return {
    ...toRunOptions(flags, environment),
    ...given({ judge, dimension, scoreField, scorer, draft }),
    judgeOptions: judgeOptionsOf(flags),
    pool,
    stdin,
  };
}

/** The options of judges that are not options of `score` itself. */
function judgeOptionsOf(flags: ScoreFlags): NonNullable<ScoreOptions['judgeOptions']> {
  const own = Object.entries(declaredValues(scoringOwners(), { ...flags })).filter(([name]) => !OWN_OPTIONS.has(name));
  return Object.fromEntries(own) as NonNullable<ScoreOptions['judgeOptions']>;
}

function spendingOf(plan: ScorePlan): Spending {
  return {
    what: 'This run',
    costMicroUsd: plan.total.costMicroUsd,
    details: renderScorePlan(plan),
    advice: 'Add --yes to accept the cost, and --max-usd to cap it. --plan shows the details.',
  };
}
