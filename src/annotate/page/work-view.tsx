import type { Ref } from 'preact';
import type { DeskItem } from '../desk/desk-views.ts';
import { ActionBar } from './action-bar.tsx';
import { ConflictView } from './conflict-view.tsx';
import type { DraftState } from './draft.ts';
import { Editor } from './editor.tsx';
import { ItemView } from './item-view.tsx';
import type { Command } from './keys.ts';
import { PlaceBar } from './place-bar.tsx';
import { Standing } from './standing.tsx';
import type { Workbench } from './workbench.ts';
import { isTheirs, type WorkbenchState } from './workbench-state.ts';

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
