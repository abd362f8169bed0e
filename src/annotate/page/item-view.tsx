import type { DeskItem, DeskTurn, FailingAnswer } from '../desk/desk-views.ts';
import { type Command, KeyHint } from './keyboard.tsx';
import { PoolText } from './pool-text.tsx';
import { visibleText } from './visible-text.ts';
import { isAvailable } from './workbench-state.ts';

export interface ItemViewProps {
  readonly item: DeskItem;
  readonly isRaw: boolean;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** The conversation, the instruction, its input, the model's failing answer and why the item was picked. */
export function ItemView({ item, isRaw, commands }: ItemViewProps) {
  return (
    <div class="item">
      <TurnsView heading="Earlier in this conversation" id="earlier" turns={item.conversation.before} isRaw={isRaw} />
      <section class="card" aria-labelledby="instruction-heading">
        <div class="card-head">
          <h3 id="instruction-heading">Instruction</h3>
          <button type="button" class="quiet" aria-pressed={isRaw} onClick={commands['raw-text']} aria-keyshortcuts="M">
            Show raw text <KeyHint keys="M" />
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
      {item.fields.length > 0 && (
        <section class="card" aria-labelledby="fields-heading">
          <h3 id="fields-heading">Details</h3>
          <dl class="fields">
            {item.fields.map(({ name, value }) => (
              <div key={name}>
                <dt class="isolated">{visibleText(name)}</dt>
                <dd dir="auto" class="isolated">
                  {visibleText(value)}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <TurnsView heading="Tool calls since" id="later" turns={item.conversation.after} isRaw={isRaw} />
      {item.failingAnswer !== null && (
        <FailingAnswerView
          answer={item.failingAnswer}
          isRaw={isRaw}
          canStart={isAvailable(item)}
          onStart={commands['use-model-answer']}
        />
      )}
      <section class="why" aria-labelledby="why-heading">
        <h3 id="why-heading">Why this item</h3>
        <p dir="auto" class="isolated">
          {visibleText(item.reason)}
        </p>
        <p class="muted">
          Round {item.round}, item {item.rank} of {item.of}
          {item.peopleWanted > 1 && `, answered by ${item.peopleDone} of ${item.peopleWanted} people`}. ID:{' '}
          <span class="isolated id">{visibleText(item.id)}</span>
        </p>
      </section>
    </div>
  );
}

interface TurnsViewProps {
  readonly heading: string;
  /** Unique on the page. */
  readonly id: string;
  readonly turns: readonly DeskTurn[];
  readonly isRaw: boolean;
}

/** The turns before or after the instruction, as a list; nothing where there are none. */
function TurnsView({ heading, id, turns, isRaw }: TurnsViewProps) {
  if (turns.length === 0) return null;
  return (
    <section class="card" aria-labelledby={`${id}-heading`}>
      <h3 id={`${id}-heading`}>{heading}</h3>
      <ol class="turns">
        {turns.map(({ speaker, text }, turn) => (
          // The turns of an item never change their order.
          <li key={turn}>
            <p class="speaker">{visibleText(speaker)}</p>
            <PoolText text={text} isRaw={isRaw} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface FailingAnswerProps {
  readonly answer: FailingAnswer;
  readonly isRaw: boolean;
  readonly canStart: boolean;
  readonly onStart: () => void;
}

/** The seed model's answer and the judge's reason why it failed. */
function FailingAnswerView({ answer, isRaw, canStart, onStart }: FailingAnswerProps) {
  return (
    <section class="card failing" aria-labelledby="failing-heading">
      <div class="card-head">
        <h3 id="failing-heading">Model's answer (needs fixing)</h3>
        {canStart && (
          <button type="button" onClick={onStart} aria-keyshortcuts="F">
            Use as draft <KeyHint keys="F" />
          </button>
        )}
      </div>
      <PoolText text={answer.response} isRaw={isRaw} />
      <p class="verdict" dir="auto">
        <strong>Judge's score {answer.score.toFixed(1)} of 10:</strong>{' '}
        <span dir="auto" class="isolated">
          {visibleText(answer.judgeReason)}
        </span>
      </p>
      <p class="muted">
        Model: <span class="isolated">{visibleText(answer.model)}</span>
      </p>
    </section>
  );
}
