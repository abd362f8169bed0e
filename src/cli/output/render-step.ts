import type { StepName } from '../../campaign/next-step.ts';
import type { CampaignStatus, CommandToType } from '../../campaign/status.ts';
import type { StepResult } from '../../campaign/step-result.ts';
import { formatUsd, type MicroUsd } from '../../domain/money.ts';
import { inConfigTerms } from '../config-terms.ts';
import { colors } from './colors.ts';
import { formatCount, formatPairs, formatScore, plural } from './format.ts';
import { describeImport } from './render-import.ts';
import { describeLabelsIn, failureRateLines } from './render-rounds.ts';
import { safeLine } from './safe-text.ts';

const LONGEST_TEXT = 1_000;
const LONGEST_NAME = 80;
const GAUGE_WIDTH = 20;

/** Where the campaign stands after a step, and what can be typed then. */
export type StandingAfter = Pick<CampaignStatus, 'rounds' | 'command' | 'alternatives'>;

/** What one step did, what it cost, how far the campaign has come and what comes next, for people. */
export function renderStep(result: StepResult, { rounds, command, alternatives }: StandingAfter): string {
  const pairs: [string, string][] = progressPairs(result, rounds);
  if (result.costMicroUsd !== 0) pairs.push(['cost', describeCost(result.costMicroUsd)]);
  if (isPaused(result) && !isWaiting(result)) {
    pairs.push(['to do', safeLine(inConfigTerms(result.hint), LONGEST_TEXT)]);
  } else {
    // What ended a campaign is its headline.
    const commands = result.step === 'stop' ? alternatives : [command, ...alternatives];
    pairs.push(...commands.map((one, index): [string, string] => [index === 0 ? 'next' : 'or', describeNext(one)]));
  }
  const lines = [headline(result), ...notes(result), ...(pairs.length > 0 ? [formatPairs(pairs)] : [])];
  return `${lines.join('\n')}\n`;
}

/** Where something has just become known of it: how often the models failed, and how many labels are in. */
function progressPairs(result: StepResult, rounds: CampaignStatus['rounds']): [string, string][] {
  const last = rounds.at(-1);
  const pairs: [string, string][] = [];
  if (isWaiting(result) || result.step === 'find-failures' || result.step === 'stop') {
    const lines = failureRateLines(rounds);
    // One rate alone is told by the step that found it.
    if (lines.length > 1)
      pairs.push(...lines.map((line, index): [string, string] => [index === 0 ? 'fails at' : '', line]));
  }
  if (isWaiting(result) && last) {
    const { gauge, count } = describeLabelsIn(last, GAUGE_WIDTH);
    pairs.push(['labels', `${gauge}  ${count} in`]);
  }
  return pairs;
}

/** What to type next, and why. */
export function renderNext(command: CommandToType): string {
  return `  next  ${describeNext(command)}\n`;
}

function describeNext({ line, because }: CommandToType): string {
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
    ...(pulled === null ? [] : [describeImport(pulled)]),
    ...result.notes.map((note) => `  ${colors.yellow('note')}  ${safeLine(note, LONGEST_TEXT)}`),
  ];
}

/** Money that a step spent or set aside; labels nobody made give theirs back. */
function describeCost(amount: MicroUsd): string {
  return amount < 0 ? `${formatUsd(-amount)} is free again` : `${formatUsd(amount)} spent or set aside`;
}

function isWaiting(result: StepResult): boolean {
  return isPaused(result) && result.because === 'waiting';
}

function isPaused(result: StepResult): result is Extract<StepResult, { done: false }> {
  return !result.done;
}

function describeStep(result: StepResult): string {
  if (result.step === 'stop') return `The campaign has ended. ${result.stop.message}`;
  if (!result.done) return result.message;
  switch (result.step) {
    case 'add-pool': {
      const files = result.details.files.map(
        ({ path, records, added }) =>
          `${safeLine(path, LONGEST_NAME)} (${plural(records, 'record')}, ${formatCount(added)} new)`,
      );
      const read = files.length === 0 ? 'Embedded the pool' : `Read ${files.join(', ')}`;
      return `${read}: ${plural(result.details.instructions, 'instruction')} in all`;
    }
    case 'judge-quality': {
      const { judge, judged, kept, leftOut, unjudged, threshold } = result.details;
      const without = unjudged === 0 ? '' : `, ${formatCount(unjudged)} without a judgment left out too`;
      return (
        `Judged ${plural(judged, 'instruction')} by ${judgeName(judge)}: of all, ${formatCount(kept)} are kept, ` +
        `${formatCount(leftOut)} below ${threshold} left out${without}`
      );
    }
    case 'plan-round': {
      const { kind, strategy, count } = result.details.plan;
      return `Planned a ${kind} round: ${plural(count, 'instruction')} by ${strategy}`;
    }
    case 'select': {
      const { picked, candidates, strategy, queries } = result.details;
      const asked = queries === null ? '' : `, in ${plural(queries, 'query', 'queries')}`;
      return `Selected ${formatCount(picked)} of ${plural(candidates, 'candidate')} by ${strategy}${asked}`;
    }
    case 'export': {
      const { path, tool, tasks, drafts, pushed } = result.details;
      const drafted = drafts === 0 ? '' : `, ${formatCount(drafts)} with an answer to correct`;
      const wrote = `Wrote ${plural(tasks, 'task')} for ${tool} to ${path}${drafted}`;
      return pushed === null ? wrote : `${wrote}; ${describePush(pushed)}`;
    }
    case 'wait-for-labels': {
      const { labeled, rejected, skipped, withdrawn } = result.details;
      const others = [
        [rejected, 'rejected'],
        [skipped, 'skipped'],
        [withdrawn, 'withdrawn'],
      ] as const;
      const rest = others.filter(([count]) => count > 0).map(([count, what]) => `, ${formatCount(count)} ${what}`);
      return `Labels are in: ${formatCount(labeled)} labeled${rest.join('')}`;
    }
    case 'train': {
      const { trainer, model, examples, heldOut } = result.details;
      const apart = heldOut === 0 ? '' : `, ${formatCount(heldOut)} held out`;
      return `Trained ${safeLine(model, LONGEST_NAME)} by ${trainer} on ${plural(examples, 'label')}${apart}`;
    }
    case 'evaluate': {
      const { model, judge, pool, remaining, heldOut, test } = result.details;
      const others = [
        ...(heldOut > 0 ? [plural(heldOut, 'held-out label')] : []),
        ...(test > 0 ? [plural(test, 'test item')] : []),
      ];
      const answered = `${formatCount(pool)} of ${plural(remaining, 'unlabeled instruction')}`;
      return `${safeLine(model, LONGEST_NAME)} answered ${[answered, ...others].join(', ')}; judged by ${judgeName(judge)}`;
    }
    case 'find-failures': {
      const { failures, evaluated, threshold, poolScore, heldOutScore, testScore } = result.details;
      const rate = evaluated === 0 ? '' : ` (${((100 * failures) / evaluated).toFixed(1)} %)`;
      const scores = [
        ['unlabeled', poolScore],
        ['held-out', heldOutScore],
        ['test', testScore],
      ] as const;
      const told = scores.filter(([, score]) => score !== null).map(([what, score]) => `${what} ${formatScore(score)}`);
      const mean = told.length === 0 ? '' : `; mean scores: ${told.join(', ')}`;
      return `Found ${plural(failures, 'failure')}${rate} among ${plural(evaluated, 'answer')}, scored below ${threshold}${mean}`;
    }
  }
}

export function describePush({ created, present, url }: { created: number; present: number; url: string }): string {
  const before = present === 0 ? '' : ` (${formatCount(present)} were there)`;
  return `pushed ${formatCount(created)} to ${safeLine(url, 200)}${before}`;
}

/** What a step does, before it is done. */
export const STEP_PURPOSES: Readonly<Record<StepName, string>> = {
  'add-pool': 'embed the new instructions of the pool',
  'judge-quality': 'judge the quality of new instructions',
  'plan-round': 'plan the round',
  select: 'choose instructions',
  export: 'hand them to the annotators',
  'wait-for-labels': 'take labels in',
  train: 'train the seed model',
  evaluate: 'have the seed model answer and the judge score',
  'find-failures': 'find what the seed model fails at',
};

/** Without prompt, scale and the like, which are in the JSON. */
function judgeName(judge: string): string {
  return safeLine(judge.split(',')[0]!, LONGEST_NAME);
}
