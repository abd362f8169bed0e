import type { DeskItem } from '../desk/desk-views.ts';
import { FailingAnswerView } from './failing-answer.tsx';
import { KeyHint } from './key-hint.tsx';
import type { Command } from './keys.ts';
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
