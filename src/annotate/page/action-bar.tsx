import { KeyHint } from './key-hint.tsx';
import type { Command } from './keys.ts';
import { canLabel, isTheirs, type WorkbenchState } from './workbench-state.ts';

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
