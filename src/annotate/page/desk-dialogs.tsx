import { useLayoutEffect, useState } from 'preact/hooks';
import type { DeskApi } from './desk-api.ts';
import { Dialog } from './dialog.tsx';
import { DisplayDialog } from './display-dialog.tsx';
import { GuidelinesDialog } from './guidelines-dialog.tsx';
import { KEY_BINDINGS, TEXT_MODIFIER } from './keyboard.tsx';
import { ListDialog, type ListFocus, pageWith, WHOLE_LIST } from './list-dialog.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import type { Workbench } from './workbench.ts';
import type { WorkbenchState } from './workbench-state.ts';

/** The open dialog: the reason for the last skip or rejection, the list of items, how the page looks, and so on. */
export type OpenDialog = 'reason' | ListFocus | 'shortcuts' | 'guidelines' | 'display';

export interface DeskDialogsProps {
  readonly dialog: OpenDialog | null;
  readonly onDialog: (dialog: OpenDialog | null) => void;
  readonly api: DeskApi;
  readonly name: string;
  readonly workbench: Workbench;
  readonly state: WorkbenchState;
  readonly hasSingleKeys: boolean;
  readonly onSingleKeys: (isOn: boolean) => void;
  /** The person was shown this version of the guidelines. */
  readonly onGuidelinesRead: (version: string) => void;
}

export function DeskDialogs({
  dialog,
  onDialog,
  api,
  name,
  workbench,
  state,
  hasSingleKeys,
  onSingleKeys,
  onGuidelinesRead,
}: DeskDialogsProps) {
  const [view, setView] = useState(WHOLE_LIST);
  const { item, progress, turnedDown } = state;
  useLayoutEffect(() => {
    if (dialog === 'rows' && item !== null && progress !== null) setView(pageWith(item, view, progress.round));
  }, [dialog]);
  const close = () => onDialog(null);
  switch (dialog) {
    case null:
      return null;
    case 'shortcuts':
      return <ShortcutsDialog hasSingleKeys={hasSingleKeys} onSingleKeys={onSingleKeys} onClose={close} />;
    case 'guidelines':
      return <GuidelinesDialog api={api} onRead={onGuidelinesRead} onClose={close} />;
    case 'display':
      return <DisplayDialog name={name} onClose={close} />;
    case 'reason':
      if (turnedDown === null) return null;
      return (
        <ReasonDialog
          item={turnedDown}
          onReason={(reason) => workbench.turnedDown.writeReason(reason)}
          onConfirm={() => {
            close();
            workbench.turnedDown.submitReason();
          }}
          onClose={close}
        />
      );
    default:
      return (
        <ListDialog
          api={api}
          view={view}
          onView={setView}
          round={progress?.round ?? 1}
          current={item?.number ?? null}
          focus={dialog}
          onOpen={(number) => {
            close();
            void workbench.open(number);
          }}
          onClose={close}
        />
      );
  }
}

interface ShortcutsDialogProps {
  readonly hasSingleKeys: boolean;
  readonly onSingleKeys: (isOn: boolean) => void;
  readonly onClose: () => void;
}

function ShortcutsDialog({ hasSingleKeys, onSingleKeys, onClose }: ShortcutsDialogProps) {
  return (
    <Dialog title="Shortcuts" onClose={onClose} className="shortcuts-dialog">
      <dl class="keys">
        {KEY_BINDINGS.map(({ command, shown, inText, description }) => (
          <div key={command}>
            <dt>
              {shown.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>
              {inText !== undefined && (
                <>
                  <kbd>{TEXT_MODIFIER}</kbd>
                  <kbd>{inText.toUpperCase()}</kbd>
                </>
              )}
            </dd>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        On a Mac, ⌘ Enter also submits. While you type, use the keys with {TEXT_MODIFIER}; single keys write text.
      </p>
      <label class="check">
        <input
          type="checkbox"
          checked={hasSingleKeys}
          onChange={(event) => onSingleKeys(event.currentTarget.checked)}
        />
        Single-key shortcuts
      </label>
    </Dialog>
  );
}
