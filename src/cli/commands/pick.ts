import type { Command } from 'commander';
import { UsageError } from '../../domain/errors.ts';
import { checkOutput, writeRecords } from '../../records/write-records.ts';
import { pick, pickRecord, planPick } from '../../runs/pick/pick.ts';
import type { PickPlan } from '../../runs/pick/pick-plan.ts';
import { confirmSpending, type Spending } from '../confirm-spending.ts';
import { EXIT_OF_END, isUnfinished } from '../exit-code.ts';
import { renderPlan } from '../output/render-plan.ts';
import { renderPicks, renderSummary } from '../output/render-summary.ts';
import { print, printJson, printRecords } from '../print.ts';
import { refuseToOverwrite } from '../refuse-to-overwrite.ts';
import type { Terminal } from '../terminal.ts';
import { withProgress } from '../with-progress.ts';
import { addPickOptions, type PickFlags, toPickOptions } from './pick-options.ts';
import { addPowerOptions, type PowerFlags, showPower } from './power.ts';
import { providerKeys } from './run-options.ts';

const SHOWN_PICKS = 5;

const EXAMPLES = `
Examples:
  $ winnow pick pool.jsonl --count 200 -o picked.jsonl
      Cover the pool. No key, no cost.
  $ winnow pick pool.jsonl --count 200 -o picked.jsonl --provider openai --model gpt-4o-mini --plan
      See the cost of an LLM before spending anything.
  $ winnow pick pool.jsonl --count 200 -o picked.jsonl --provider openai --model gpt-4o-mini --max-usd 1.00
      Have it choose, for at most one dollar. If it is interrupted or out of budget, run it again to continue.
  $ winnow pick pool.jsonl --count 200 -o picked.jsonl --provider openai --model gpt-4o-mini --batch
      Have it choose for half the price, within 24 hours. Run it again to collect the answers, or add --wait.
  $ winnow pick pool.jsonl --count 200 --provider compatible --base-url http://localhost:8000/v1 --model qwen3 --price 0,0
      Use a model you serve yourself.
  $ winnow pick more.jsonl --existing labeled.jsonl --count 100 -o next.parquet
      Cover what is not labeled yet.

API keys are read from the environment: ${providerKeys((name) => `for --provider ${name}`)},
WINNOW_EMBEDDING_API_KEY (for --embedding-base-url).

Exit codes: 0 done; 1 an error, or fewer picked than asked for; 2 wrong usage; 3 stopped by a budget, not
confirmed, or waiting for a batch; 130 interrupted.
`;

/** `winnow pick`. */
export function definePick(command: Command, terminal: Terminal): void {
  addPickOptions(command)
    .option('--plan', 'show the plan and its cost, then stop')
    .option('-y, --yes', 'accept the cost without asking')
    .addHelpText('after', EXAMPLES)
    .action((pool: string[], flags: PickFlags) =>
      flags.plan ? runPlan(pool, flags, terminal) : runPick(pool, flags, terminal),
    );
}

const PLAN_EXAMPLES = `
Examples:
  $ winnow plan pool.jsonl --count 200 --provider openai --model gpt-4o-mini
      See what pick would do, and what it would cost.
  $ winnow plan --power
      How many test labels tell two models apart? Needs no pool.
  $ winnow plan --power 5
      How many tell a difference of 5 points?
`;

/** `winnow plan`. */
export function definePlan(command: Command, terminal: Terminal): void {
  addPickOptions(command);
  addPowerOptions(command)
    .addHelpText('after', PLAN_EXAMPLES)
    .action((pool: string[], flags: PickFlags & PowerFlags) => {
      if (flags.power !== undefined) return showPower(pool, flags, terminal);
      if (pool.length === 0) throw new UsageError('No pool is named.', 'Name its file: winnow plan pool.jsonl -n 100');
      if (flags.count === undefined)
        throw new UsageError('--count is missing.', 'Add the number to pick, such as -n 100.');
      return runPlan(pool, flags, terminal);
    });
}

async function runPlan(pool: readonly string[], flags: PickFlags, terminal: Terminal): Promise<void> {
  const plan = await withProgress(terminal, (running) =>
    planPick({ ...toPickOptions(pool, flags, terminal.environment), ...running, stdin: terminal.stdin }),
  );
  if (flags.json) printJson(terminal, plan);
  else print(terminal, terminal.stdout, renderPlan(plan, { prompt: true }));
}

async function runPick(pool: readonly string[], flags: PickFlags, terminal: Terminal): Promise<void> {
  const onRecord = flags.output === undefined ? undefined : await checkOutput(flags.output);
  const inputs = [...pool, ...(flags.existing ?? []), ...(flags.exclude ?? []), flags.embeddings, flags.state];
  refuseToOverwrite('--output', flags.output, inputs);
  refuseToOverwrite('--save-embeddings', flags.saveEmbeddings, inputs);
  const { picks, summary } = await withProgress(terminal, (running, stopProgress) =>
    pick({
      ...toPickOptions(pool, flags, terminal.environment),
      ...running,
      ...{ stdin: terminal.stdin, onRecord },
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
  // A run that is to go on has not finished choosing: its choices are in the state file, not in the output.
  const written = isUnfinished(summary.end) ? [] : picks;
  // An empty result does not replace the output of an earlier run.
  const output = written.length === 0 ? undefined : flags.output;
  const records = written.map(pickRecord);
  if (output !== undefined) await writeRecords(records, output, { rawCells: flags.rawCells });
  if (flags.json) {
    const result = { ...summary, output: output ?? null, ...(flags.output === undefined ? { picks: records } : {}) };
    printJson(terminal, result);
  } else {
    if (flags.output === undefined) await printRecords(terminal, records);
    const shown = output === undefined ? '' : `\n${renderPicks(written, SHOWN_PICKS, terminal.width)}`;
    print(terminal, terminal.stderr, `${renderSummary(summary, output, terminal.width)}${shown}`);
  }
  terminal.setExitCode(EXIT_OF_END[summary.end]);
}

function spendingOf(plan: PickPlan): Spending {
  return {
    what: 'This run',
    costMicroUsd: plan.total.costMicroUsd,
    details: renderPlan(plan, { prompt: false }),
    advice: 'Add --yes to accept the cost, and --max-usd to cap it. --plan shows the details.',
  };
}
