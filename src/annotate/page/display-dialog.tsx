import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { chooseDisplay, type Display, displayOf, TEXT_SIZES, THEMES } from './display.ts';

export interface DisplayDialogProps {
  /** Who the choice is remembered for; null where it is not known. */
  readonly name: string | null;
  readonly onClose: () => void;
}

/** Chooses the theme and the text size. Each choice is shown at once. */
export function DisplayDialog({ name, onClose }: DisplayDialogProps) {
  const [display, setDisplay] = useState(() => displayOf(name));
  const choose = (change: Partial<Display>) => {
    const chosen = { ...display, ...change };
    setDisplay(chosen);
    chooseDisplay(name, chosen);
  };
  return (
    <Dialog title="Display" onClose={onClose}>
      <Choice legend="Theme" options={THEMES} chosen={display.theme} onChoose={(theme) => choose({ theme })} />
      <Choice
        legend="Text size"
        options={TEXT_SIZES}
        chosen={display.textSize}
        onChoose={(textSize) => choose({ textSize })}
      />
      <p class="muted">Remembered in this browser.</p>
    </Dialog>
  );
}

interface ChoiceProps<Key extends string> {
  readonly legend: string;
  readonly options: Readonly<Record<Key, string>>;
  readonly chosen: Key;
  readonly onChoose: (key: Key) => void;
}

function Choice<Key extends string>({ legend, options, chosen, onChoose }: ChoiceProps<Key>) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {(Object.keys(options) as Key[]).map((key) => (
        <label class="check" key={key}>
          <input type="radio" name={legend} checked={key === chosen} onChange={() => onChoose(key)} />
          {options[key]}
        </label>
      ))}
    </fieldset>
  );
}
