import { Dialog } from './dialog.tsx';
import { KEY_BINDINGS } from './keys.ts';

export interface KeysDialogProps {
  readonly hasSingleKeys: boolean;
  readonly onSingleKeys: (isOn: boolean) => void;
  readonly onClose: () => void;
}

export function KeysDialog({ hasSingleKeys, onSingleKeys, onClose }: KeysDialogProps) {
  return (
    <Dialog title="Keys" onClose={onClose} className="keys-dialog">
      <dl class="keys">
        {KEY_BINDINGS.map(({ command, shown, says }) => (
          <div>
            <dt>
              {shown.split(' ').map((key) => (
                <kbd key={command}>{key}</kbd>
              ))}
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">On a Mac, ⌘ Enter submits too. Single keys do nothing while you are writing.</p>
      <label class="check">
        <input
          type="checkbox"
          checked={hasSingleKeys}
          onChange={(event) => onSingleKeys(event.currentTarget.checked)}
        />
        Single keys are on
      </label>
    </Dialog>
  );
}
