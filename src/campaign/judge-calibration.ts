import { embeddingText } from '../domain/instruction.ts';
import { seededRandom } from '../math/random.ts';
import { calibrateJudge, type DecidedJudgment, type JudgeCalibration } from '../selection/judges/judge-calibration.ts';
import type { CampaignContext } from './campaign-context.ts';
import { type ItemLabel, labelsByPosition } from './label-views.ts';

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
  const { state, config } = context;
  const labels = [...labelsByPosition(state.labels.annotations(), config.labels.winner).values()].filter(
    (label) => label.state !== 'skipped',
  );
  const found = [
    { of: 'answers' as const, byJudge: decidedAnswers(context, labels) },
    { of: 'instructions' as const, byJudge: decidedInstructions(context, labels) },
  ];
  return found.flatMap(({ of, byJudge }) =>
    [...byJudge].flatMap(([judge, judgments]) => {
      const calibration = calibrateJudge(judgments, { random: seededRandom(config.seed, 'calibration', judge) });
      return calibration ? [{ judge, of, ...calibration }] : [];
    }),
  );
}

type Judgments = ReadonlyMap<string, readonly DecidedJudgment[]>;

/** The answers that went to people as drafts: those of the model before the round that handed the item out. */
function decidedAnswers({ state }: Pick<CampaignContext, 'state'>, labels: readonly ItemLabel[]): Judgments {
  const byJudge = new Map<string, DecidedJudgment[]>();
  // What was handed out again belongs to the later round.
  const roundOf = new Map(state.rounds.handedOut().map(({ position, round }) => [position, round]));
  const byId = new Map(labels.map((label) => [state.items.idOf(label.position), label]));
  for (const { number, threshold } of state.rounds.plans()) {
    if (number === 1) continue;
    for (const { subset, itemId, answer, judge, score } of state.models.evaluations(number - 1)) {
      const label = byId.get(itemId);
      // Answers that reached the threshold were not shown.
      if (subset !== 'pool' || score === null || score >= threshold || !label) continue;
      if (roundOf.get(label.position) !== number) continue;
      const approved = label.state === 'labeled' && label.winner.response?.trim() === answer.trim();
      add(byJudge, judge, { score, length: answer.length, approved });
    }
  }
  return byJudge;
}

function decidedInstructions(
  { state, instructions }: Pick<CampaignContext, 'state' | 'instructions'>,
  labels: readonly ItemLabel[],
): Judgments {
  const byJudge = new Map<string, DecidedJudgment[]>();
  const judge = state.models.lastRater();
  if (judge === undefined) return byJudge;
  const scores = new Map(state.models.ratings(judge).map(({ position, score }) => [position, score]));
  for (const { position, state: decision } of labels) {
    const score = scores.get(position) ?? null;
    if (score === null) continue;
    const { length } = embeddingText(instructions()[position]!);
    add(byJudge, judge, { score, length, approved: decision === 'labeled' });
  }
  return byJudge;
}

function add(byJudge: Map<string, DecidedJudgment[]>, judge: string, judgment: DecidedJudgment): void {
  const known = byJudge.get(judge);
  if (known) known.push(judgment);
  else byJudge.set(judge, [judgment]);
}
