import type { FailingAnswer } from '../desk/desk-views.ts';
import { KeyHint } from './key-hint.tsx';
import { PoolText } from './pool-text.tsx';
import { visibleText } from './visible-text.ts';

export interface FailingAnswerProps {
  readonly answer: FailingAnswer;
  readonly isRaw: boolean;
  readonly canStart: boolean;
  readonly onStart: () => void;
}

/** What the seed model made of the instruction, and why that will not do. */
export function FailingAnswerView({ answer, isRaw, canStart, onStart }: FailingAnswerProps) {
  return (
    <section class="card failing" aria-labelledby="failing-heading">
      <div class="card-head">
        <h3 id="failing-heading">The seed model’s failing answer</h3>
        {canStart && (
          <button type="button" onClick={onStart} aria-keyshortcuts="F">
            Start from this answer <KeyHint keys="F" />
          </button>
        )}
      </div>
      <PoolText text={answer.response} isRaw={isRaw} />
      <p class="verdict" dir="auto">
        <strong>The judge gave {answer.score.toFixed(1)} of 10.</strong>{' '}
        <span dir="auto" class="isolated">
          {visibleText(answer.judgeReason)}
        </span>
      </p>
      <p class="muted">
        By <span class="isolated">{visibleText(answer.model)}</span>
      </p>
    </section>
  );
}
