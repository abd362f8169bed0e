import type { Ref } from 'preact';
import type { DeskItem } from '../desk/desk-views.ts';
import type { DraftState } from './draft.ts';
import { Editor } from './editor.tsx';
import { ItemBar } from './item-bar.tsx';
import { ConflictView, ItemNotice } from './item-notices.tsx';
import { ItemView } from './item-view.tsx';
import { type Command, KeyHint, shortcutsOf, TEXT_MODIFIER } from './keyboard.tsx';
import { Questions } from './questions.tsx';
import type { TextView } from './text-view.ts';
import type { Workbench } from './workbench.ts';
import { canLabel, isAvailable, type WorkbenchState } from './workbench-state.ts';

export interface WorkViewProps {
  readonly state: WorkbenchState & { readonly item: DeskItem; readonly draft: DraftState };
  readonly heading: Ref<HTMLHeadingElement>;
  readonly field: Ref<HTMLTextAreaElement>;
  readonly note: Ref<HTMLTextAreaElement>;
  readonly view: TextView;
  readonly hasChanges: boolean;
  readonly hasSingleKeys: boolean;
  readonly workbench: Workbench;
  readonly commands: Readonly<Record<Command, () => void>>;
  readonly onUndo: () => void;
}

/** The item and its response, side by side or, on small screens, one above the other. */
export function WorkView({
  state,
  heading,
  field,
  note,
  view,
  hasChanges,
  hasSingleKeys,
  workbench,
  commands,
  onUndo,
}: WorkViewProps) {
  const { item, draft } = state;
  return (
    <>
      <ItemBar item={item} draft={draft} place={state.place} heading={heading} commands={commands} />
      <div class="work" key={item.number}>
        <ItemView item={item} response={draft.response} view={view} hasChanges={hasChanges} commands={commands} />
        <div class="writing">
          <ItemNotice item={item} draft={draft} onNext={commands.later} />
          <Editor
            field={field}
            draft={draft}
            isAvailable={isAvailable(item)}
            isBusy={state.isBusy}
            canUndo={state.undo !== null}
            onWrite={(response) => workbench.write({ response })}
            onUndo={onUndo}
          >
            <ConflictView
              draft={draft}
              onMine={() => {
                workbench.keep('mine');
                commands.edit();
              }}
              onOther={() => {
                workbench.keep('other');
                commands.edit();
              }}
            />
          </Editor>
          <Questions
            questions={item.questions}
            answers={draft.answers}
            isDisabled={!isAvailable(item)}
            onAnswer={(answers) => workbench.write({ answers })}
          />
          <AboutAnswer
            draft={draft}
            isDisabled={!isAvailable(item)}
            note={note}
            onWrite={(change) => workbench.write(change)}
          />
          <ActionBar state={state} hasSingleKeys={hasSingleKeys} commands={commands} />
        </div>
      </div>
    </>
  );
}

interface AboutAnswerProps {
  readonly draft: DraftState;
  readonly isDisabled: boolean;
  readonly note: Ref<HTMLTextAreaElement>;
  readonly onWrite: (change: Partial<Pick<DraftState, 'note' | 'doubtful'>>) => void;
}

/** What the person says about the item or their answer, for the lead. */
function AboutAnswer({ draft, isDisabled, note, onWrite }: AboutAnswerProps) {
  return (
    <div class="about-answer">
      <label class="check">
        <input
          type="checkbox"
          checked={draft.doubtful}
          disabled={isDisabled}
          aria-keyshortcuts={shortcutsOf('doubt')}
          onChange={(event) => onWrite({ doubtful: event.currentTarget.checked })}
        />
        Doubtful <KeyHint keys={`${TEXT_MODIFIER} X`} />
      </label>
      <label for="note">
        Note <KeyHint keys={`${TEXT_MODIFIER} C`} />
      </label>
      <textarea
        id="note"
        ref={note}
        rows={1}
        maxLength={10_000}
        dir="auto"
        readOnly={isDisabled}
        placeholder="For the project lead"
        aria-keyshortcuts={shortcutsOf('note')}
        value={draft.note}
        onInput={(event) => onWrite({ note: event.currentTarget.value })}
      />
    </div>
  );
}

interface ActionBarProps {
  readonly state: WorkbenchState;
  readonly hasSingleKeys: boolean;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** The buttons for the item and the last error. Always visible on small screens. */
function ActionBar({ state, hasSingleKeys, commands }: ActionBarProps) {
  const isDisabled = !canLabel(state);
  const canWrite = state.item !== null && isAvailable(state.item);
  const isSubmitted = state.item !== null && state.item.verdict !== null;
  return (
    <div class="actions">
      <Problem state={state} />
      <div class="buttons">
        <button type="button" class="write" disabled={!canWrite} onClick={commands.edit} aria-keyshortcuts="E">
          Write
        </button>
        <button type="button" class="primary" disabled={isDisabled} onClick={commands.submit}>
          Submit{isSubmitted && <span class="wide-only"> again</span>} <KeyHint keys="Ctrl Enter" />
        </button>
        <button type="button" disabled={isDisabled} onClick={commands.skip} aria-keyshortcuts={shortcutsOf('skip')}>
          Skip <KeyHint keys={`${TEXT_MODIFIER} P`} />
        </button>
        <button
          type="button"
          class="danger"
          disabled={isDisabled}
          onClick={commands.reject}
          aria-keyshortcuts={shortcutsOf('reject')}
        >
          Reject <KeyHint keys={`${TEXT_MODIFIER} R`} />
        </button>
        {hasSingleKeys && canWrite && (
          <p class="muted for-keys">
            Press <kbd>Esc</kbd> to use single keys.
          </p>
        )}
      </div>
    </div>
  );
}

function Problem({ state: { problem, draft } }: { readonly state: WorkbenchState }) {
  const shown = problem ?? draft?.refusal ?? null;
  if (shown === null) return null;
  return (
    <p class="notice trouble" role="alert">
      {shown.message} {shown.hint}
    </p>
  );
}
