import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DeskItem, ItemFilter, ItemList } from '../desk/desk-views.ts';
import { asRequestError, type DeskApi } from './desk-api.ts';
import { Dialog } from './dialog.tsx';
import { GoTo } from './go-to.tsx';
import { isComposing } from './keyboard.tsx';
import { ListRows } from './list-rows.tsx';
import { count } from './page-header.tsx';

const PAGE = 50;
/** Typing pauses that long before it is searched for. */
const PAUSE_MS = 150;

const FILTERS: readonly { filter: ItemFilter; name: string }[] = [
  { filter: 'all', name: 'All' },
  { filter: 'open', name: 'Open' },
  { filter: 'mine', name: 'Mine' },
  { filter: 'skipped', name: 'Skipped' },
  { filter: 'done', name: 'Done' },
];

/** Which part of the list is looked at; it is the same when the list is opened again. */
export interface ListView {
  readonly round: number | null;
  readonly filter: ItemFilter;
  readonly search: string;
  readonly offset: number;
}

export const WHOLE_LIST: ListView = { round: null, filter: 'all', search: '', offset: 0 };

/** @returns the page the item is on, where all items of its round are listed; anything else that is looked at stays */
export function pageWith({ rank, round }: DeskItem, view: ListView, currentRound: number): ListView {
  const isWhole = view.filter === 'all' && view.search === '' && (view.round ?? currentRound) === round;
  return isWhole ? { ...view, offset: Math.floor((rank - 1) / PAGE) * PAGE } : view;
}

export type ListFocus = 'rows' | 'search' | 'place';

export interface ListDialogProps {
  readonly api: DeskApi;
  readonly view: ListView;
  readonly onView: (view: ListView) => void;
  /** The round labels are waited for: earlier ones can be looked at too. */
  readonly round: number;
  /** The item that is shown. */
  readonly current: number | null;
  readonly focus: ListFocus;
  readonly onOpen: (number: number) => void;
  readonly onClose: () => void;
}

/** Every item of a round: by filter, by search, by place. */
export function ListDialog({ api, view, onView, round, current, focus, onOpen, onClose }: ListDialogProps) {
  const [found, setFound] = useState<{ readonly view: ListView; readonly list: ItemList } | null>(null);
  // From the search, Enter opens the first row and the arrow goes to it: of those asked for, not of those still shown.
  const [wanted, setWanted] = useState<'focus' | 'open' | null>(focus === 'rows' ? 'focus' : null);
  const [problem, setProblem] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLOListElement>(null);
  // Before the next key can come.
  useLayoutEffect(() => {
    if (focus === 'search') search.current!.select();
  }, [focus]);
  useEffect(() => {
    let isLate = false;
    const timer = setTimeout(
      () => {
        api.list({ ...view, limit: PAGE }).then(
          (list) => {
            if (isLate) return;
            setFound({ view, list });
            setProblem('');
          },
          (error: unknown) => {
            if (!isLate) setProblem(asRequestError(error).message);
          },
        );
      },
      found === null || view.search === '' ? 0 : PAUSE_MS,
    );
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [api, view]);
  const isFresh = found?.view === view;
  useEffect(() => {
    if (!isFresh || wanted === null) return;
    const first = rows.current!.querySelector('button');
    if (wanted === 'open') first?.click();
    else (rows.current!.querySelector<HTMLElement>('[aria-current]') ?? first)?.focus();
    setWanted(null);
  }, [isFresh, wanted]);
  const list = found?.list ?? null;
  const shown = view.round ?? round;
  return (
    <Dialog title="Items" onClose={onClose} className="list-dialog">
      <div class="list-tools">
        <input
          ref={search}
          type="search"
          aria-label="Search instructions, inputs and ids"
          placeholder="Search"
          maxLength={1000}
          dir="auto"
          value={view.search}
          onInput={(event) => onView({ ...view, search: event.currentTarget.value, offset: 0 })}
          onKeyDown={(event) => {
            if (isComposing(event) || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
            event.preventDefault();
            setWanted(event.key === 'Enter' ? 'open' : 'focus');
          }}
        />
        <GoTo api={api} round={shown} hasFocus={focus === 'place'} onOpen={onOpen} />
        {round > 1 && (
          <select
            aria-label="Round"
            value={shown}
            onChange={(event) => onView({ ...view, round: Number(event.currentTarget.value), offset: 0 })}
          >
            {Array.from({ length: round }, (_, index) => (
              <option value={index + 1}>Round {index + 1}</option>
            ))}
          </select>
        )}
      </div>
      <fieldset class="filters">
        <legend class="unseen">Show</legend>
        {FILTERS.map(({ filter, name }) => (
          <button
            key={filter}
            type="button"
            aria-pressed={view.filter === filter}
            onClick={() => onView({ ...view, filter, offset: 0 })}
          >
            {name} {list !== null && <span class="count">{count(list.counts[filter])}</span>}
          </button>
        ))}
      </fieldset>
      {problem !== '' && (
        <p role="alert" class="trouble">
          {problem}
        </p>
      )}
      {list !== null && (
        <>
          <ListRows rows={rows} items={list.items} current={current} onOpen={onOpen} />
          <nav class="pager" aria-label="Pages of the list">
            <button
              type="button"
              disabled={view.offset === 0}
              onClick={() => onView({ ...view, offset: Math.max(0, view.offset - PAGE) })}
            >
              Earlier
            </button>
            <span role="status">
              {list.items.length === 0
                ? 'No item is like that.'
                : `${count(list.offset + 1)}–${count(list.offset + list.items.length)} of ${count(list.total)}`}
            </span>
            <button
              type="button"
              disabled={view.offset + PAGE >= list.total}
              onClick={() => onView({ ...view, offset: view.offset + PAGE })}
            >
              Later
            </button>
          </nav>
        </>
      )}
    </Dialog>
  );
}
