import type { Answer, Answers } from '../../domain/questions.ts';
import { visibleText } from './visible-text.ts';

/** Answers to questions, in words. */
export function AnswerList({ answers }: { readonly answers: Answers }) {
  const given = Object.entries(answers);
  if (given.length === 0) return null;
  return (
    <dl class="fields answers">
      {given.map(([name, answer]) => (
        <div key={name}>
          <dt class="isolated">{visibleText(name)}</dt>
          <dd dir="auto" class="isolated">
            {visibleText(answerText(answer))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function answerText(answer: Answer): string {
  if (typeof answer === 'string' || typeof answer === 'number') return String(answer);
  return answer
    .map((part) => (typeof part === 'string' ? part : `${part.label} (${part.start}–${part.end})`))
    .join(', ');
}
