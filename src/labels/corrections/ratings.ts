import { chatMessages, openAiMessages, openAiTools } from '../../domain/chat-messages.ts';
import { linesFormat } from './correction-format.ts';
import { isPair, margin } from './substance.ts';

/**
 * The model's answer with the judge's score and reason, and what the person made of it: material for a judge or a rubric.
 * `rating` is the person's, in [0, 1]: 1 for an answer that was kept, or changed in nothing but its look, 0 where the
 * instruction was rejected, else the share of words that the person left as they were (1 − margin).
 */
export const ratingsFormat = linesFormat({
  name: 'ratings',
  summary: "the model's answers with the judge's score and reason, and what the person made of them",
  source: 'docs/trainers.md',
  takes: () => true,
  records: (correction) => {
    const { instruction, input = '', answer, model, judge, score, judgeReason, decision } = correction;
    const rating = decision === 'rejected' ? 0 : isPair(correction) ? round(1 - margin(correction)) : 1;
    return [
      {
        ...{ instruction, input, messages: openAiMessages(chatMessages(correction)), ...openAiTools(correction) },
        ...{ answer, model },
        ...{ judge, judge_score: score, judge_reason: judgeReason, decision, rating },
        ...{ response: correction.response, annotator: correction.annotator, comment: correction.comment },
      },
    ];
  },
});

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
