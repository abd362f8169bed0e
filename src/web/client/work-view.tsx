import type { Ref } from 'preact';
import type { DeskItem } from '../../annotate/desk-views.ts';
import { ConflictView } from './conflict-view.tsx';
import type { DraftState } from './draft.ts';
import { Editor } from './editor.tsx';
import { canGoBack } from './item-address.ts';
import { ITEM_STATES } from './item-states.ts';
import { ItemView } from './item-view.tsx';
import { KeyHint } from './key-hint.tsx';
import type { Command } from './keys.ts';
import { visibleText } from './visible-text.ts';
import type { Workbench } from './workbench.ts';
import { isTheirs, type WorkbenchState } from './workbench-state.ts';

export interface WorkViewProps {
  readonly state: WorkbenchState & { readonly item: DeskItem; readonly draft: DraftState };
  readonly heading: Ref<HTMLHeadingElement>;
  readonly field: Ref<HTMLTextAreaElement>;
  readonly isRaw: boolean;
  readonly workbench: Workbench;
  readonly commands: Readonly<Record<Command, () => void>>;
}

/** The item on one side and its response on the other; on small screens one above the other. */
export function WorkView({ state, heading, field, isRaw, workbench, commands }: WorkViewProps) {
  const { item, draft } = state;
  const canWork = isTheirs(item);
  const canLabel = canWork && !state.isBusy && draft.saving !== 'conflict';
  const isBegun = item.state === 'open' && draft.response.trim() !== '';
  const standing = isBegun ? 'begun' : item.state;
  const { sign, word } = ITEM_STATES[standing];
  return (
    <>
      <div class="place">
        <button
          type="button"
          onClick={commands.back}
          disabled={!canGoBack() && item.previous === null}
          aria-keyshortcuts="B"
        >
          Back <KeyHint keys="B" />
        </button>
        <div class="where">
          <button
            type="button"
            class="quiet"
            aria-label="The item above"
            aria-keyshortcuts="K"
            title="The item above (K)"
            disabled={item.previous === null}
            onClick={commands.previous}
          >
            ‹
          </button>
          <h2 ref={heading} tabIndex={-1}>
            Item {item.rank} of {item.of}
          </h2>
          <button
            type="button"
            class="quiet"
            aria-label="The item below"
            aria-keyshortcuts="J"
            title="The item below (J)"
            disabled={item.next === null}
            onClick={commands.following}
          >
            ›
          </button>
        </div>
        <span class={`state ${standing}`}>
          <span aria-hidden="true">{sign}</span> {word}
        </span>
        <button type="button" class="later" onClick={commands.later} aria-keyshortcuts="N">
          Later <KeyHint keys="N" />
        </button>
        <button type="button" class="texts" aria-pressed={isRaw} onClick={commands['as-written']} aria-keyshortcuts="M">
          As written <KeyHint keys="M" />
        </button>
      </div>
      <div class="work" key={item.number}>
        <ItemView item={item} isRaw={isRaw} canStart={canWork} onStart={commands['from-failing-answer']} />
        <div class="writing">
          <Standing item={item} onNext={commands.later} />
          <Editor
            field={field}
            draft={draft}
            canWrite={canWork}
            canUndo={state.undo !== null}
            onWrite={(response) => workbench.write({ response })}
            onUndo={() => workbench.undo()}
          >
            <ConflictView draft={draft} onMine={() => workbench.keepMine()} onOther={() => workbench.takeOther()} />
            <Trouble state={state} />
            <div class="buttons">
              <button type="button" class="primary" disabled={!canLabel} onClick={commands.submit}>
                {item.verdict === null ? 'Submit' : 'Submit again'} <KeyHint keys="Ctrl Enter" />
              </button>
              <button type="button" disabled={!canLabel} onClick={commands.skip} aria-keyshortcuts="S">
                Skip… <KeyHint keys="S" />
              </button>
              <button type="button" class="danger" disabled={!canLabel} onClick={commands.reject} aria-keyshortcuts="R">
                Reject… <KeyHint keys="R" />
              </button>
            </div>
          </Editor>
        </div>
      </div>
    </>
  );
}

/** What happened to the item before, where that matters now. */
function Standing({ item, onNext }: { readonly item: DeskItem; readonly onNext: () => void }) {
  if (!isTheirs(item)) {
    return (
      <p class="notice" role="status">
        {item.state === 'taken' ? (
          <>
            <span class="isolated">{visibleText(item.heldBy ?? 'Somebody else')}</span> is at work on this one.
          </>
        ) : (
          'As many people as are wanted have answered this one.'
        )}{' '}
        {item.writing.response !== '' && 'What you wrote is kept. '}
        <button type="button" onClick={onNext}>
          Next item
        </button>
      </p>
    );
  }
  if (item.verdict === null) return null;
  const { comment } = item.writing;
  return (
    <p class="notice">
      {item.verdict === 'accepted' ? 'You answered this one.' : `You ${item.verdict} this one.`}{' '}
      {item.verdict !== 'accepted' && comment !== '' && (
        <span class="isolated" dir="auto">
          {visibleText(comment)}{' '}
        </span>
      )}
      Submit it again to change it.
    </p>
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
