import { embeddingText } from '../domain/instruction.ts';
import { seededRandom } from '../math/random.ts';
import { calibrateJudge, type DecidedJudgment, type JudgeCalibration } from '../selection/judges/judge-calibration.ts';
import type { CampaignContext } from './campaign-context.ts';
import { decidedAnswers, decidedLabels } from './decided-answers.ts';
import type { ItemLabel } from './label-views.ts';

export interface CampaignCalibration extends JudgeCalibration {
  /** Name of the judge. */
  readonly judge: string;
  /** What it judged: answers of seed models, or instructions of the pool. */
  readonly of: 'answers' | 'instructions';
}

/**
 * How far the campaign's judges agree with its people. A seed model's answer that people got as a draft counts as approved
 * where they kept it word for word, and as not approved where they edited or rejected it. A rated instruction counts as
 * approved where people answered it, and as not approved where they rejected it. Each judge is measured by its own scores.
 * @returns one for each judge with enough decisions
 */
export function judgeCalibrations(
  context: Pick<CampaignContext, 'state' | 'config' | 'instructions'>,
): CampaignCalibration[] {
  const { config } = context;
  const labels = decidedLabels(context);
  const found = [
    { of: 'answers' as const, byJudge: decidedAnswers(context) },
    { of: 'instructions' as const, byJudge: decidedInstructions(context, labels) },
  ];
  return found.flatMap(({ of, byJudge }) =>
    [...byJudge].flatMap(([judge, judgments]) => {
      const calibration = calibrateJudge(judgments, { random: seededRandom(config.seed, 'calibration', judge) });
      return calibration ? [{ judge, of, ...calibration }] : [];
    }),
  );
}

function decidedInstructions(
  { state, instructions }: Pick<CampaignContext, 'state' | 'instructions'>,
  labels: readonly ItemLabel[],
): ReadonlyMap<string, readonly DecidedJudgment[]> {
  const judge = state.models.lastRater();
  if (judge === undefined) return new Map();
  const scores = new Map(state.models.ratings(judge).map(({ position, score }) => [position, score]));
  const decided = labels.flatMap(({ position, state: decision }): DecidedJudgment[] => {
    const score = scores.get(position) ?? null;
    if (score === null) return [];
    return [{ score, length: embeddingText(instructions()[position]!).length, approved: decision === 'labeled' }];
  });
  return new Map([[judge, decided]]);
}
