import type { Command } from 'commander';
import { simulationDocument } from '../../runs/simulate/result-tables.ts';
import { planSimulation, simulate } from '../../runs/simulate/simulate.ts';
import type { SimulationPlan } from '../../runs/simulate/simulation-plan.ts';
import { confirmSpending, type Spending } from '../confirm-spending.ts';
import { EXIT_OF_END } from '../exit-code.ts';
import { renderSimulation } from '../output/render-simulation.ts';
import { renderSimulationPlan } from '../output/render-simulation-plan.ts';
import { print, printJson } from '../print.ts';
import { refuseToOverwrite } from '../refuse-to-overwrite.ts';
import type { Terminal } from '../terminal.ts';
import { withProgress } from '../with-progress.ts';
import { prepareFolder, simulationFiles, writeSimulation } from '../write-simulation.ts';
import { addSimulateOptions, type SimulateFlags, toSimulateOptions } from './simulate-options.ts';

const EXAMPLES = `
Examples:
  $ winnow simulate labeled.jsonl
      Five strategies at four budgets, five times each, on data you have responses for. No key, no cost.
  $ winnow simulate labeled.jsonl --strategies random,facility-location,car:per-cluster=2 --budgets 100,200 -o results
      Other strategies, with options after colons. Also writes JSON, CSV and SVG.
  $ winnow simulate labeled.jsonl --strategies random,selectllm --provider openai --model gpt-4o-mini --plan
      See the cost of an LLM before spending anything. Then run it with --max-usd 1.00 instead of --plan.
  $ winnow simulate labeled.jsonl --trainer command --train-command ./train.sh --seeds 3 --budgets 200
      Train your own model on what each strategy chose. docs/trainers.md describes the input and output of the command.
  $ winnow simulate labeled.jsonl --metric radius
      Show another metric by budget: rougeL, cosine, exactMatch, categories, radius or redundancy.

Finished work is saved. The same command with another strategy, budget or seed only computes what is new, and an
interrupted run continues. API keys are read from the environment, as for "winnow pick". WINNOW_MODEL_API_KEY is for a
model that you trained and serve.

Exit codes: 0 done, also if some cells cannot be computed (they are listed); 1 an error; 2 wrong usage; 3 stopped by a
budget, or not confirmed; 130 interrupted.
`;

/** `winnow simulate`. */
export function defineSimulate(command: Command, terminal: Terminal): void {
  addSimulateOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((labeled: string[], flags: SimulateFlags) =>
      flags.plan ? runPlan(labeled, flags, terminal) : runSimulation(labeled, flags, terminal),
    );
}

async function runPlan(labeled: readonly string[], flags: SimulateFlags, terminal: Terminal): Promise<void> {
  const plan = await withProgress(terminal, (running) =>
    planSimulation({ ...toSimulateOptions(labeled, flags, terminal.environment), ...running, stdin: terminal.stdin }),
  );
  if (flags.json) printJson(terminal, plan);
  else print(terminal, terminal.stdout, renderSimulationPlan(plan, terminal.width));
}

async function runSimulation(labeled: readonly string[], flags: SimulateFlags, terminal: Terminal): Promise<void> {
  const { output } = flags;
  const options = toSimulateOptions(labeled, flags, terminal.environment);
  if (output !== undefined) {
    for (const file of simulationFiles(output)) refuseToOverwrite('--output', file, [...labeled, flags.state]);
    prepareFolder(output);
  }
  const result = await withProgress(terminal, (running, stopProgress) =>
    simulate({
      ...options,
      ...running,
      stdin: terminal.stdin,
      ...(flags.yes
        ? {}
        : {
            confirm: (plan) => {
              stopProgress();
              return confirmSpending(spendingOf(plan, terminal.width), terminal, {
                stdinIsTaken: labeled.includes('-'),
              });
            },
          }),
    }),
  );
  const document = simulationDocument(result);
  // The cells of an interrupted run are in its state. Files would look like the complete result.
  const written = output === undefined || result.end === 'interrupt' ? [] : await writeSimulation(document, output);
  if (flags.json) printJson(terminal, { ...document, written });
  else {
    const shown = { metric: flags.metric, width: terminal.width, written };
    print(terminal, terminal.stdout, renderSimulation(document, shown));
  }
  terminal.setExitCode(EXIT_OF_END[result.end]);
}

function spendingOf(plan: SimulationPlan, width: number): Spending {
  return {
    what: 'This simulation',
    costMicroUsd: plan.total.costMicroUsd,
    details: renderSimulationPlan(plan, width),
    advice: 'Add --yes to accept the cost, and --max-usd to cap it. --plan shows the details.',
  };
}
