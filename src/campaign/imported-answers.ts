import { type Answer, readAnswer } from '../domain/questions.ts';
import { givenAnswer } from '../labels/answer-cells.ts';
import type { DecodedLabels, ForeignRecord, ReadAnnotation } from '../labels/label-file.ts';
import type { CampaignContext } from './campaign-context.ts';
import { draftsBefore } from './failures.ts';
import { itemQuestions } from './item-questions.ts';

/**
 * Checks the answers of imported labels against the questions of their items. What does not fit costs itself, never the
 * label, and is reported.
 */
export function withCheckedAnswers(context: CampaignContext, decoded: DecodedLabels): DecodedLabels {
  const { state, config } = context;
  if (decoded.annotations.every(({ answers }) => answers === undefined)) return decoded;
  if (config.labels.questions.length === 0) {
    return { ...decoded, annotations: decoded.annotations.map(({ answers: _, ...label }) => label) };
  }
  const plans = state.rounds.plans();
  const roundOf = new Map(state.rounds.handedOut().map(({ position, round }) => [position, round]));
  const drafts = new Map<number, ReturnType<typeof draftsBefore>>();
  const draftsOf = (round: number) => {
    const found = drafts.get(round) ?? draftsBefore(context, plans[round - 1]!);
    drafts.set(round, found);
    return found;
  };
  const instructions = context.instructions();
  const warnings: ForeignRecord[] = [...(decoded.warnings ?? [])];
  const annotations = decoded.annotations.map((annotation): ReadAnnotation => {
    const { answers: given, ...label } = annotation;
    const position = state.items.find(label.itemId);
    const round = position === undefined ? undefined : roundOf.get(position);
    // It is reported as a label of an item that was not handed out.
    if (given === undefined || position === undefined || round === undefined) return label;
    const questions = itemQuestions(
      config.labels.questions,
      instructions[position]!,
      draftsOf(round).get(position)?.answer,
    );
    const answers: Record<string, Answer> = {};
    for (const question of questions) {
      const raw = givenAnswer(question, Object.hasOwn(given, question.name) ? given[question.name] : null);
      const answer = readAnswer(question, raw);
      const place = label.place ?? label.itemId;
      if (answer === undefined)
        warnings.push({ place, cause: `its answer to "${question.name}" does not fit the question; it is ignored` });
      else if (answer !== null) answers[question.name] = answer;
    }
    const isAnswered = Object.keys(answers).length > 0;
    return isAnswered ? { ...label, answers } : label;
  });
  return { ...decoded, annotations, ...(warnings.length === 0 ? {} : { warnings }) };
}
