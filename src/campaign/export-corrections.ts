import { conversationOf } from '../domain/conversation.ts';
import type { Correction } from '../domain/label.ts';
import { CORRECTION_FORMATS } from '../labels/corrections/registry.ts';
import type { TrainingOptions, TrainingSplit } from '../labels/training/training-format.ts';
import type { CampaignContext } from './campaign-context.ts';
import { decidedDrafts, decisionOn } from './decided-answers.ts';
import { type TrainingExport, writeTrainingFiles } from './export-training-data.ts';
import { scaledScore } from './scaled-score.ts';
import { testItems } from './test-set.ts';
import { splitLabels } from './training-split.ts';

/**
 * Writes what people made of the drafts they got, in a correction format; the same labels give the same files, byte for
 * byte. What is held out of training is held out here.
 */
export async function exportCorrections(
  context: CampaignContext,
  format: string,
  folder: string,
  options: TrainingOptions = {},
): Promise<TrainingExport> {
  const { takes, files } = CORRECTION_FORMATS.find(format);
  const { train, heldOut } = await splitCorrections(context);
  const split = { train: train.filter(takes), heldOut: heldOut.filter(takes) };
  return writeTrainingFiles(format, folder, split, files(split, options));
}

/** By position. An instruction that was rejected has no label to hold out: it is, where it is in the test set. */
async function splitCorrections(context: CampaignContext): Promise<TrainingSplit<Correction>> {
  const labels = await splitLabels(context);
  const contaminated = await context.heldOut();
  const items = context.instructions();
  const heldOut = new Set([...testItems(context.state).keys(), ...labels.heldOut.map(({ position }) => position)]);
  const all = decidedDrafts(context)
    .filter(({ label }) => !contaminated.has(label.position))
    .sort((a, b) => a.label.position - b.label.position)
    .map((draft) => {
      const { evaluation, label } = draft;
      const item = items[label.position]!;
      const correction: Correction = {
        id: item.id,
        ...conversationOf(item),
        answer: evaluation.answer,
        model: evaluation.answerModel,
        judge: evaluation.judge,
        score: scaledScore(evaluation.score),
        judgeReason: evaluation.reason,
        decision: decisionOn(draft),
        response: label.winner.response,
        annotator: label.winner.annotator,
        comment: label.winner.comment ?? null,
      };
      return { correction, isHeldOut: heldOut.has(label.position) };
    });
  const part = (wanted: boolean) =>
    all.filter(({ isHeldOut }) => isHeldOut === wanted).map(({ correction }) => correction);
  return { train: part(false), heldOut: part(true) };
}
