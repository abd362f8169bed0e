import type { Command } from 'commander';
import { formatUsd } from '../../domain/money.ts';
import { command } from '../../domain/wording.ts';
import { BRIDGES } from '../../labels/registry.ts';
import { worstCaseWithRetries } from '../../models/metering/retry-policy.ts';
import type { Campaign } from '../../runs/campaign/campaign.ts';
import type { NextOptions, PlannedStep, StepResult } from '../../runs/campaign/step-result.ts';
import { confirmSpending } from '../confirm-spending.ts';
import { CAMPAIGN_EXIT_CODES, EXIT, exitCodeOfStep } from '../exit-code.ts';
import { commandIn, nextCommands } from '../next-command.ts';
import { STEP_PURPOSES } from '../output/describe-step.ts';
import { formatPairs } from '../output/format.ts';
import { expectedCost, timePairs } from '../output/render-plan.ts';
import {
  renderNext,
  renderSetup,
  renderStep,
  renderStepLine,
  type StandingAfter,
  spellingOf,
} from '../output/render-step.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { addCampaignOptions, type CampaignFlags, withCampaign } from '../with-campaign.ts';
import { addBatchOptions, providerKeys } from './run-options.ts';

const TOOL_KEYS = [...BRIDGES].flatMap(({ server }) => server?.keyVariable ?? []).join(', ');

const KEYS = `API keys are read from the environment: ${providerKeys((name) => `llm of provider ${name}`)},
WINNOW_JUDGE_API_KEY (judge with a baseUrl), WINNOW_MODEL_API_KEY (a trained model you serve),
WINNOW_EMBEDDING_API_KEY (embedder with a baseUrl), ${TOOL_KEYS}.

${CAMPAIGN_EXIT_CODES}
`;

const NEXT_EXAMPLES = `
Examples:
  $ winnow next
      Do one step: read the pool, plan a round, select, export, …. If it is interrupted, run it again to continue.
  $ winnow next --retry-failed
      Retry requests that got no usable reply.
  $ winnow next --go-on
      Continue without the labels that are missing and the choices that failed.

${KEYS}`;

const RUN_EXAMPLES = `
Examples:
  $ winnow run
      Run steps until labels are needed, a budget is used up or a stopping rule applies.
  $ winnow run --go-on
      Continue without the labels that are missing now. Later rounds wait for their labels again.
  $ winnow run --yes --json > last-run.json
      For scripts: asks nothing. The caps in winnow.yaml still apply.

${KEYS}`;

interface NextFlags extends CampaignFlags {
  readonly retryFailed?: boolean;
  readonly goOn?: boolean;
  readonly yes?: boolean;
}

/** `winnow next`. */
export function defineNext(command: Command, terminal: Terminal): void {
  addNextOptions(command)
    .addHelpText('after', NEXT_EXAMPLES)
    .action((flags: NextFlags) => runNext(flags, terminal));
}

/** `winnow run`. */
export function defineRun(command: Command, terminal: Terminal): void {
  addNextOptions(command)
    .addHelpText('after', RUN_EXAMPLES)
    .action((flags: NextFlags) => runAll(flags, terminal));
}

function addNextOptions(command: Command): Command {
  return addBatchOptions(addCampaignOptions(command))
    .option('--retry-failed', 'retry earlier requests that got no usable reply')
    .option('--go-on', 'continue with missing labels, or with fewer choices than planned')
    .option('-y, --yes', 'accept the cost without asking');
}

async function runNext(flags: NextFlags, terminal: Terminal): Promise<void> {
  await withCampaign(terminal, flags, async (campaign, stopProgress) => {
    const result = await campaign.next(nextOptions(campaign, flags, terminal, stopProgress));
    stopProgress();
    const after = await standingAfter(campaign, flags);
    if (flags.json) printJson(terminal, { ...result, command: after.command }, spellingOf(result));
    else {
      print(terminal, terminal.stdout, renderStep(result, after));
      explainExport(result, flags, terminal);
    }
    terminal.setExitCode(exitCodeOfStep(result));
  });
}

async function runAll(flags: NextFlags, terminal: Terminal): Promise<void> {
  // With --json, standard output is for the JSON document alone.
  const lines = flags.json ? terminal.stderr : terminal.stdout;
  await withCampaign(terminal, flags, async (campaign, stopProgress, signal) => {
    const steps: StepResult[] = [];
    const last = await campaign.run({
      ...nextOptions(campaign, flags, terminal, stopProgress),
      onStep: (result) => {
        stopProgress();
        steps.push(result);
        const isEnd = result.step === 'stop' || !result.done;
        if (!isEnd || flags.json) print(terminal, lines, renderStepLine(result));
        if (!flags.json) explainExport(result, flags, terminal);
      },
    });
    const after = await standingAfter(campaign, flags);
    // Interrupted between two steps: the last one is already shown.
    const isInterrupted = signal.aborted && last.done && last.step !== 'stop';
    if (flags.json) printJson(terminal, { steps, command: after.command }, spellingOf(last));
    else print(terminal, terminal.stdout, isInterrupted ? renderNext(after.command) : renderStep(last, after));
    terminal.setExitCode(isInterrupted ? EXIT.interrupted : exitCodeOfStep(last));
  });
}

/** Where the campaign stands, and what to type next. */
export async function standingAfter(campaign: Campaign, { folder }: Pick<NextFlags, 'folder'>): Promise<StandingAfter> {
  const status = await campaign.status();
  const { rounds, selection, spending, room } = status;
  return { rounds, selection, spending, room, ...nextCommands(status, folder) };
}

/** How steps are run: with consent to what they cost, unless it is given. */
export function nextOptions(
  campaign: Campaign,
  { retryFailed, goOn, yes }: Pick<NextFlags, 'retryFailed' | 'goOn' | 'yes'>,
  terminal: Terminal,
  stopProgress: () => void,
): NextOptions {
  return {
    retryFailed,
    goOn,
    ...(yes
      ? {}
      : {
          confirm: async (plan) => {
            stopProgress();
            return confirmSpending(await spendingOf(plan, campaign), terminal);
          },
        }),
  };
}

async function spendingOf(plan: PlannedStep, campaign: Campaign) {
  const { step, round, llmMicroUsd, trainingMicroUsd } = plan;
  const { room } = await campaign.status();
  const left = (amount: number | undefined) =>
    amount === undefined ? '; no cap is set' : `; ${formatUsd(amount)} left`;
  const pairs: [string, string][] = [];
  if (llmMicroUsd.worstCase > 0) {
    const { expected, worstCase } = llmMicroUsd;
    pairs.push([
      'models',
      `${expectedCost({ expected, worstCase }, worstCaseWithRetries(worstCase))}${left(room.llmMicroUsd)}`,
    ]);
    pairs.push(...timePairs(plan));
  }
  if (trainingMicroUsd > 0) {
    pairs.push(['training', `${formatUsd(trainingMicroUsd)} at worst${left(room.trainingMicroUsd)}`]);
  }
  return {
    what: `The step "${step}" of round ${round}`,
    costMicroUsd: {
      expected: llmMicroUsd.expected + trainingMicroUsd,
      worstCase: llmMicroUsd.worstCase + trainingMicroUsd,
    },
    details: `Round ${round}, ${step}: ${STEP_PURPOSES[step]}\n${formatPairs(pairs)}\n`,
    advice: 'Add --yes to accept the cost. The caps under budget in winnow.yaml still apply.',
  };
}

/** Explains what to do with the tasks, after the first export. */
function explainExport(result: StepResult, { folder }: NextFlags, terminal: Terminal): void {
  if (result.step !== 'export' || !result.done || result.round > 1 || result.details.pushed !== null) return;
  print(terminal, terminal.stderr, `${renderSetup(result.details.tool, commandIn(folder, command('annotate')))}\n`);
}
