import type { StepName } from '../../campaign/next-step.ts';
import { shareInterval } from '../../math/share-interval.ts';
import type { StepResult } from '../../runs/campaign/step-result.ts';
import { nameWithoutPrompt } from '../../selection/judges/judge.ts';
import { formatCount, formatEstimate, formatRange, formatShare, plural } from './format.ts';
import { safeLine, safeName } from './safe-text.ts';

const LONGEST_NAME = 80;
const LONGEST_URL = 200;

/** What a step did, on one line; for a step that stopped, why. */
export function describeStep(result: StepResult): string {
  if (result.step === 'stop') return `The campaign has ended. ${safeName(result.stop.message)}`;
  if (!result.done) return result.message;
  switch (result.step) {
    case 'add-pool': {
      const files = result.details.files.map(
        ({ path, records, added }) =>
          `${safeLine(path, LONGEST_NAME)} (${plural(records, 'record')}, ${formatCount(added)} new)`,
      );
      const read = files.length === 0 ? 'Embedded the pool' : `Read ${safeName(files.join(', '))}`;
      return `${read}: ${plural(result.details.instructions, 'instruction')} in all`;
    }
    case 'judge-quality': {
      const { judge, judged, kept, leftOut, unjudged, threshold } = result.details;
      const without = unjudged === 0 ? '' : `, ${formatCount(unjudged)} left out without a judgment`;
      return (
        `Judged ${plural(judged, 'instruction')} with ${safeName(judgeName(judge))}: in total, ${formatCount(kept)} kept, ` +
        `${formatCount(leftOut)} below ${threshold} left out${without}`
      );
    }
    case 'plan-round': {
      const { kind, strategy, count, control = 0, test = 0 } = result.details.plan;
      const outside = result.details.hasQuotas ? ' (outside the quotas)' : '';
      const random = control + test === 0 ? '' : `, ${formatCount(control + test)} at random${outside}`;
      return `Planned a ${kind} round: ${plural(count - control, 'instruction')} by ${safeName(strategy)}${random}`;
    }
    case 'select': {
      const { picked, candidates, strategy, queries, control, test, minutes } = result.details;
      const asked = queries === null ? '' : `, in ${plural(queries, 'query', 'queries')}`;
      const drawn = [
        ...(control > 0 ? [`${formatCount(control)} to compare with`] : []),
        ...(test > 0 ? [`${formatCount(test)} for the test set`] : []),
      ];
      const work = minutes === null ? '' : `, about ${formatCount(Math.round(minutes))} minutes of work`;
      const random = drawn.length === 0 ? '' : `; drew at random ${drawn.join(' and ')}`;
      return `Selected ${formatCount(picked)} of ${plural(candidates, 'candidate')} by ${safeName(strategy)}${asked}${random}${work}`;
    }
    case 'export': {
      const { path, tool, tasks, drafts, pushed } = result.details;
      const drafted = drafts === 0 ? '' : `, ${formatCount(drafts)} with an answer to correct`;
      const wrote = `Wrote ${plural(tasks, 'task')} for ${safeName(tool)} to ${safeName(path)}${drafted}`;
      return pushed === null ? wrote : `${wrote}; pushed ${describePush(pushed)}`;
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
      return `Trained ${safeLine(model, LONGEST_NAME)} by ${safeName(trainer)} on ${plural(examples, 'label')}${apart}`;
    }
    case 'evaluate': {
      const { model, judge, pool, remaining, heldOut, test } = result.details;
      const others = [
        ...(heldOut > 0 ? [plural(heldOut, 'held-out label')] : []),
        ...(test > 0 ? [plural(test, 'test item')] : []),
      ];
      const answered = `${formatCount(pool)} of ${plural(remaining, 'unlabeled instruction')}`;
      return `${safeLine(model, LONGEST_NAME)} answered ${[answered, ...others].join(', ')}; judged by ${safeName(judgeName(judge))}`;
    }
    case 'find-failures': {
      const { failures, evaluated, threshold, figures } = result.details;
      const rate =
        evaluated === 0
          ? ''
          : ` (${((100 * failures) / evaluated).toFixed(1)} %, 95 %: ${formatRange(shareInterval(failures, evaluated), formatShare)})`;
      const scores = [
        [figures?.poolScore, 'unlabeled'],
        [figures?.test?.score, figures?.test?.from === 'held-out-labels' ? 'held out' : 'test'],
      ] as const;
      const told = scores.flatMap(([score, what]) =>
        score == null ? [] : [`${formatEstimate(score)} (${formatCount(score.count)} ${what})`],
      );
      const mean = told.length === 0 ? '' : `; mean scores ${told.join(', ')}`;
      return `Found ${plural(failures, 'failure')} among ${plural(evaluated, 'answer')}${rate}, below ${threshold}${mean}`;
    }
  }
}

/** How many tasks were pushed to an annotation tool, to go on from "pushed". */
export function describePush({ created, present, url }: { created: number; present: number; url: string }): string {
  const before = present === 0 ? '' : ` (${formatCount(present)} were already there)`;
  return `${formatCount(created)} to ${safeLine(url, LONGEST_URL)}${before}`;
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
  return safeLine(nameWithoutPrompt(judge), LONGEST_NAME);
}
