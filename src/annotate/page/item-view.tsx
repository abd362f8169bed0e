import type { DeskItem, DeskTurn, FailingAnswer } from '../desk/desk-views.ts';
import { ChangesView } from './changes-view.tsx';
import { count } from './formats.tsx';
import { type Command, KeyHint, shortcutsOf } from './keyboard.tsx';
import { PoolText } from './pool-text.tsx';
import { TEXT_VIEW_NAMES, type TextView } from './text-view.ts';
import { visibleText } from './visible-text.ts';
import { isAvailable } from './workbench-state.ts';

export interface ItemViewProps {
  readonly item: DeskItem;
  readonly response: string;
  readonly view: TextView;
  /** Whether to show what the response changes in the model's answer. */
  readonly hasChanges: boolean;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** The conversation, the instruction, its input, the model's failing answer and why the item was picked. */
export function ItemView({ item, response, view, hasChanges, commands }: ItemViewProps) {
  return (
    <div class="item">
      <TurnsView heading="Earlier in this conversation" id="earlier" turns={item.conversation.before} view={view} />
      <section class="card" aria-labelledby="instruction-heading">
        <div class="card-head">
          <h3 id="instruction-heading">Instruction</h3>
          <button
            type="button"
            class="quiet"
            onClick={commands['text-view']}
            aria-keyshortcuts={shortcutsOf('text-view')}
            title="Change the view"
          >
            {TEXT_VIEW_NAMES[view]} <KeyHint keys="M" />
          </button>
        </div>
        <PoolText text={item.instruction} view={view} />
      </section>
      {item.input !== null && (
        <section class="card" aria-labelledby="input-heading">
          <h3 id="input-heading">Input</h3>
          <PoolText text={item.input} view={view} />
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
      <TurnsView heading="Tool calls since" id="later" turns={item.conversation.after} view={view} />
      {item.failingAnswer !== null && (
        <FailingAnswerView
          answer={item.failingAnswer}
          view={view}
          response={response}
          hasChanges={hasChanges}
          canStart={isAvailable(item)}
          commands={commands}
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
  readonly view: TextView;
}

/** Longer system prompts and lists of tools are folded. */
const MOST_SETTING = 600;
/** Of a longer conversation, the earlier turns are folded. */
const LAST_TURNS = 6;

/** The turns before or after the instruction, as a list; nothing where there are none. */
export function TurnsView({ heading, id, turns, view }: TurnsViewProps) {
  if (turns.length === 0) return null;
  const settings = turns.filter(({ isSetting }) => isSetting);
  const spoken = turns.filter(({ isSetting }) => !isSetting);
  const early = spoken.length > LAST_TURNS ? spoken.slice(0, -LAST_TURNS) : [];
  return (
    <section class="card" aria-labelledby={`${id}-heading`}>
      <h3 id={`${id}-heading`}>{heading}</h3>
      <ol class="turns">
        {settings.map((turn, at) => (
          // The turns of an item never change their order.
          <TurnView key={`setting ${at}`} turn={turn} view={view} isFolded={turn.text.length > MOST_SETTING} />
        ))}
        {early.length > 0 && (
          <li>
            <details>
              <summary>{early.length === 1 ? '1 earlier turn' : `${count(early.length)} earlier turns`}</summary>
              <ol class="turns">
                {early.map((turn, at) => (
                  <TurnView key={at} turn={turn} view={view} />
                ))}
              </ol>
            </details>
          </li>
        )}
        {spoken.slice(early.length).map((turn, at) => (
          <TurnView key={`turn ${at}`} turn={turn} view={view} />
        ))}
      </ol>
    </section>
  );
}

interface TurnViewProps {
  readonly turn: DeskTurn;
  readonly view: TextView;
  readonly isFolded?: boolean;
}

function TurnView({ turn: { speaker, text }, view, isFolded = false }: TurnViewProps) {
  if (!isFolded) {
    return (
      <li>
        <p class="speaker">{visibleText(speaker)}</p>
        <PoolText text={text} view={view} />
      </li>
    );
  }
  return (
    <li>
      <details>
        <summary class="speaker">
          {visibleText(speaker)}, {count(text.length)} characters
        </summary>
        <PoolText text={text} view={view} />
      </details>
    </li>
  );
}

interface FailingAnswerProps {
  readonly answer: FailingAnswer;
  readonly view: TextView;
  readonly response: string;
  readonly hasChanges: boolean;
  readonly canStart: boolean;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** The seed model's answer, by choice with what the person changes in it, and the judge's reason why it failed. */
function FailingAnswerView({ answer, view, response, hasChanges, canStart, commands }: FailingAnswerProps) {
  return (
    <section class="card failing" aria-labelledby="failing-heading">
      <div class="card-head">
        <h3 id="failing-heading">Model's answer (needs fixing)</h3>
        <div class="buttons">
          <button
            type="button"
            onClick={commands.changes}
            aria-pressed={hasChanges}
            aria-keyshortcuts={shortcutsOf('changes')}
          >
            Show changes <KeyHint keys="D" />
          </button>
          {canStart && (
            <button
              type="button"
              onClick={commands['use-model-answer']}
              aria-keyshortcuts={shortcutsOf('use-model-answer')}
            >
              Use as draft <KeyHint keys="F" />
            </button>
          )}
        </div>
      </div>
      {hasChanges && response.trim() !== '' ? (
        <ChangesView from={answer.response} to={response} />
      ) : (
        <PoolText text={answer.response} view={view} />
      )}
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
