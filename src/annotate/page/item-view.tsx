import type { DeskItem, FailingAnswer } from '../desk/desk-views.ts';
import { type Command, KeyHint } from './keyboard.tsx';
import { PoolText } from './pool-text.tsx';
import { visibleText } from './visible-text.ts';
import { isTheirs } from './workbench-state.ts';

export interface ItemViewProps {
  readonly item: DeskItem;
  readonly isRaw: boolean;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** What is to be answered, why it was picked, and what the seed model made of it. */
export function ItemView({ item, isRaw, commands }: ItemViewProps) {
  return (
    <div class="item">
      <section class="card" aria-labelledby="instruction-heading">
        <div class="card-head">
          <h3 id="instruction-heading">Instruction</h3>
          <button
            type="button"
            class="quiet"
            aria-pressed={isRaw}
            onClick={commands['as-written']}
            aria-keyshortcuts="M"
          >
            As written <KeyHint keys="M" />
          </button>
        </div>
        <PoolText text={item.instruction} isRaw={isRaw} />
      </section>
      {item.input !== null && (
        <section class="card" aria-labelledby="input-heading">
          <h3 id="input-heading">Input</h3>
          <PoolText text={item.input} isRaw={isRaw} />
        </section>
      )}
      {item.failingAnswer !== null && (
        <FailingAnswerView
          answer={item.failingAnswer}
          isRaw={isRaw}
          canStart={isTheirs(item)}
          onStart={commands['from-failing-answer']}
        />
      )}
      <section class="why" aria-labelledby="why-heading">
        <h3 id="why-heading">Why it was picked</h3>
        <p dir="auto" class="isolated">
          {visibleText(item.reason)}
        </p>
        <p class="muted">
          Round {item.round}, place {item.rank} of {item.of}
          {item.peopleWanted > 1 && `; answered by ${item.peopleDone} of ${item.peopleWanted} people`}; id{' '}
          <span class="isolated id">{visibleText(item.id)}</span>
        </p>
      </section>
    </div>
  );
}

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
