import type { CampaignStatus } from '../../campaign/status.ts';
import { formatUsd, type MicroUsd } from '../../domain/money.ts';
import { type Spelling, spellWording } from '../../domain/wording.ts';
import { BRIDGES } from '../../labels/registry.ts';
import type { StepResult } from '../../runs/campaign/step-result.ts';
import { roundSection } from '../../runs/campaign/step-runner.ts';
import type { NextCommands, TypedCommand } from '../next-command.ts';
import { campaignSpelling } from '../spelling.ts';
import { colors } from './colors.ts';
import { describeStep } from './describe-step.ts';
import { formatPairs } from './format.ts';
import { campaignMoney } from './money-lines.ts';
import { describeImport, problems } from './render-import.ts';
import { describeLabelsIn, failureRateLines } from './render-rounds.ts';
import { noteLines } from './render-run.ts';
import { safeLine } from './safe-text.ts';

const LONGEST_TEXT = 1_000;
const GAUGE_WIDTH = 20;

/** Where the campaign stands after a step, and what can be typed then. */
export type StandingAfter = Pick<CampaignStatus, 'rounds' | 'selection' | 'spending' | 'room'> & NextCommands;

/** What one step did, what it cost, how far the campaign has come and what comes next, for people. */
export function renderStep(result: StepResult, standing: StandingAfter): string {
  const { rounds, selection, command, alternatives } = standing;
  const pairs: [string, string][] = progressPairs(result, rounds, selection);
  if (result.costMicroUsd !== 0) pairs.push(['cost', describeCost(result.costMicroUsd)]);
  if (isPaused(result) && !isWaiting(result)) {
    pairs.push(['to do', safeLine(spellWording(result.hint, spellingOf(result)), LONGEST_TEXT)]);
  } else {
    // What ended a campaign is its headline.
    const commands = result.step === 'stop' ? alternatives : [command, ...alternatives];
    pairs.push(...commands.map((one, index): [string, string] => [index === 0 ? 'next' : 'or', describeNext(one)]));
  }
  const { settledMicroUsd, reservedMicroUsd } = standing.spending.total;
  if (settledMicroUsd + reservedMicroUsd > 0) pairs.push(...campaignMoney(standing));
  const lines = [headline(result), ...notes(result), ...(pairs.length > 0 ? [formatPairs(pairs)] : [])];
  return `${lines.join('\n')}\n`;
}

/** Where something has just become known of it: how often the models failed, and how many labels are in. */
function progressPairs(
  result: StepResult,
  rounds: CampaignStatus['rounds'],
  selection: CampaignStatus['selection'],
): [string, string][] {
  const last = rounds.at(-1);
  const pairs: [string, string][] = [];
  if (isWaiting(result) || result.step === 'find-failures' || result.step === 'stop') {
    const lines = failureRateLines(rounds);
    // One rate alone is told by the step that found it.
    if (lines.length > 1)
      pairs.push(...lines.map((line, index): [string, string] => [index === 0 ? 'fails at' : '', line]));
  }
  if (selection !== null && (result.step === 'find-failures' || result.step === 'stop')) {
    pairs.push(['selecting', selection.sentence]);
  }
  if (isWaiting(result) && last) {
    const { gauge, count } = describeLabelsIn(last, GAUGE_WIDTH);
    pairs.push(['labels', `${gauge}  ${count} in`]);
  }
  return pairs;
}

/** What to type next, and why. */
export function renderNext(command: TypedCommand): string {
  return `  next  ${describeNext(command)}\n`;
}

function describeNext({ line, because }: TypedCommand): string {
  return `${colors.bold(safeLine(line, LONGEST_TEXT))}: ${safeLine(because, LONGEST_TEXT)}`;
}

/** What a step did and cost on one line, with its notes below, while a run goes on. */
export function renderStepLine(result: StepResult): string {
  const cost = result.costMicroUsd === 0 ? '' : colors.dim(` (${describeCost(result.costMicroUsd)})`);
  return [`${headline(result)}${cost}`, ...notes(result)].join('\n').concat('\n');
}

function headline(result: StepResult): string {
  const text = safeLine(describeStep(result), LONGEST_TEXT);
  const color = isPaused(result) ? colors.yellow : colors.green;
  const place = result.round === 0 ? '' : `${colors.dim(`round ${result.round}`)}  `;
  return `${place}${color(text)}`;
}

function notes(result: StepResult): string[] {
  if (result.step === 'stop' || !result.done) return [];
  const pulled = result.step === 'wait-for-labels' ? result.details.pulled : null;
  return [
    ...(pulled === null ? [] : [describeImport(pulled), ...problems(pulled)]),
    ...noteLines(result.notes, spellingOf(result)),
  ];
}

/** For what is said about a step: options of strategies are keys of its round. */
export function spellingOf({ round }: Pick<StepResult, 'round'>): Spelling {
  return campaignSpelling(roundSection(round));
}

/** Money that a step spent or set aside. A negative amount was set aside for labels that were not made. */
function describeCost(amount: MicroUsd): string {
  return amount < 0 ? `${formatUsd(-amount)} released` : `${formatUsd(amount)} spent or set aside`;
}

function isWaiting(result: StepResult): boolean {
  return isPaused(result) && result.because === 'waiting';
}

function isPaused(result: StepResult): result is Extract<StepResult, { done: false }> {
  return !result.done;
}

/** How to label what was exported: in the browser if no tool is set up, and with the tool or file itself. */
export function renderSetup(tool: string, annotateLine: string): string {
  const { isPlain, setup } = BRIDGES.find(tool);
  const here = isPlain
    ? `Annotate in the browser: ${colors.bold(annotateLine)}. Or use a file or another tool:\n\n`
    : '';
  return `\n${here}${setup.trimEnd()}\n`;
}
