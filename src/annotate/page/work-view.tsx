import type { Ref } from 'preact';
import type { DeskItem } from '../desk/desk-views.ts';
import type { DraftState } from './draft.ts';
import { Editor } from './editor.tsx';
import { PlaceBar } from './item-bar.tsx';
import { ConflictView, Standing } from './item-notices.tsx';
import { ItemView } from './item-view.tsx';
import { type Command, KeyHint } from './keyboard.tsx';
import type { Workbench } from './workbench.ts';
import { canLabel, isTheirs, type WorkbenchState } from './workbench-state.ts';

export interface WorkViewProps {
  readonly state: WorkbenchState & { readonly item: DeskItem; readonly draft: DraftState };
  readonly heading: Ref<HTMLHeadingElement>;
  readonly field: Ref<HTMLTextAreaElement>;
  readonly isRaw: boolean;
  readonly hasSingleKeys: boolean;
  readonly workbench: Workbench;
  readonly commands: Readonly<Record<Command, () => void>>;
  readonly onUndo: () => void;
}

/** The item on one side and its response on the other; on small screens one above the other. */
export function WorkView({ state, heading, field, isRaw, hasSingleKeys, workbench, commands, onUndo }: WorkViewProps) {
  const { item, draft } = state;
  return (
    <>
      <PlaceBar item={item} draft={draft} heading={heading} commands={commands} />
      <div class="work" key={item.number}>
        <ItemView item={item} isRaw={isRaw} commands={commands} />
        <div class="writing">
          <Standing item={item} draft={draft} onNext={commands.later} />
          <Editor
            field={field}
            draft={draft}
            isTheirs={isTheirs(item)}
            isBusy={state.isBusy}
            canUndo={state.undo !== null}
            onWrite={(response) => workbench.write({ response })}
            onUndo={onUndo}
          >
            <ConflictView
              draft={draft}
              onMine={() => {
                workbench.keepMine();
                commands.edit();
              }}
              onOther={() => {
                workbench.takeOther();
                commands.edit();
              }}
            />
          </Editor>
          <ActionBar state={state} hasSingleKeys={hasSingleKeys} commands={commands} />
        </div>
      </div>
    </>
  );
}

export interface ActionBarProps {
  readonly state: WorkbenchState;
  readonly hasSingleKeys: boolean;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** What can be done with the item, and why the last thing was not; on small screens always in sight. */
export function ActionBar({ state, hasSingleKeys, commands }: ActionBarProps) {
  const isClosed = !canLabel(state);
  const isOwn = state.item !== null && isTheirs(state.item);
  const isSubmitted = state.item !== null && state.item.verdict !== null;
  return (
    <div class="actions">
      <Trouble state={state} />
      <div class="buttons">
        <button type="button" class="write" disabled={!isOwn} onClick={commands.edit} aria-keyshortcuts="E">
          Write
        </button>
        <button type="button" class="primary" disabled={isClosed} onClick={commands.submit}>
          Submit{isSubmitted && <span class="in-full"> again</span>} <KeyHint keys="Ctrl Enter" />
        </button>
        <button type="button" disabled={isClosed} onClick={commands.skip} aria-keyshortcuts="S">
          Skip… <KeyHint keys="S" />
        </button>
        <button type="button" class="danger" disabled={isClosed} onClick={commands.reject} aria-keyshortcuts="R">
          Reject… <KeyHint keys="R" />
        </button>
        {hasSingleKeys && isOwn && (
          <p class="muted for-keys">
            In the text, <kbd>Esc</kbd> comes before single keys.
          </p>
        )}
      </div>
    </div>
  );
}

function Trouble({ state: { problem, draft } }: { readonly state: WorkbenchState }) {
  const trouble = problem ?? draft?.refusal ?? null;
  if (trouble === null) return null;
  const isUnreachable = trouble.code === 'UNREACHABLE';
  return (
    <p class="notice trouble" role="alert">
      {isUnreachable ? 'Not submitted: the server does not answer.' : trouble.message}{' '}
      {isUnreachable ? 'Submit it again when it does.' : trouble.hint}
    </p>
  );
}
