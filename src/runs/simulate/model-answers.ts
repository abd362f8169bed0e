import { conversationOf } from '../../domain/conversation.ts';
import { ReplyError } from '../../domain/errors.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { concurrently } from '../../engine/concurrently.ts';
import type { SeedModel } from '../../trainers/seed-model.ts';
import type { LabeledInstruction } from './labeled-data.ts';

export function asExample(item: LabeledInstruction): LabeledExample {
  return { id: item.id.toWellFormed(), ...conversationOf(item), response: item.output };
}

/**
 * Has a model answer questions.
 * @param about what the model is, for people
 * @returns parallel to the questions; null where one is longer than the model can read
 */
export async function modelAnswers(
  model: SeedModel,
  questions: readonly LabeledInstruction[],
  about: string,
  signal: AbortSignal | undefined,
): Promise<readonly (string | null)[]> {
  const answers: (string | null)[] = questions.map(() => null);
  await concurrently([...questions.entries()], model.concurrency, async ([row, question]) => {
    try {
      const options = { subject: `${about}, ${question.id}`, ...(signal ? { signal } : {}) };
      answers[row] = (await model.answer(conversationOf(question), options)).text;
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
    }
  });
  return answers;
}
