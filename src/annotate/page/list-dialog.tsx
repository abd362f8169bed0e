import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DeskItem, ItemFilter, ItemList } from '../desk/desk-views.ts';
import { asRequestError, type DeskApi } from './desk-api.ts';
import { Dialog } from './dialog.tsx';
import { count } from './formats.tsx';
import { GoTo } from './go-to.tsx';
import { isComposing } from './keyboard.tsx';
import { ListRows } from './list-rows.tsx';
import { Pager } from './pager.tsx';

const PAGE = 50;
/** The search starts after this pause in typing. */
const PAUSE_MS = 150;

const FILTERS: readonly { filter: ItemFilter; name: string }[] = [
  { filter: 'all', name: 'All' },
  { filter: 'open', name: 'Open' },
  { filter: 'mine', name: 'Mine' },
  { filter: 'skipped', name: 'Skipped' },
  { filter: 'done', name: 'Done' },
];

/** The shown part of the list. It stays the same when the list is opened again. */
export interface ListView {
  readonly round: number | null;
  readonly filter: ItemFilter;
  readonly search: string;
  readonly offset: number;
}

export const WHOLE_LIST: ListView = { round: null, filter: 'all', search: '', offset: 0 };

/** @returns the page with the item, if the list shows all items of its round; otherwise the same view */
export function pageWith({ rank, round }: DeskItem, view: ListView, currentRound: number): ListView {
  const isUnfiltered = view.filter === 'all' && view.search === '' && (view.round ?? currentRound) === round;
  return isUnfiltered ? { ...view, offset: Math.floor((rank - 1) / PAGE) * PAGE } : view;
}

export type ListFocus = 'rows' | 'search' | 'number';

export interface ListDialogProps {
  readonly api: DeskApi;
  readonly view: ListView;
  readonly onView: (view: ListView) => void;
  /** The current round. Earlier rounds can be shown too. */
  readonly round: number;
  /** Number of the current item. */
  readonly current: number | null;
  readonly focus: ListFocus;
  readonly onOpen: (number: number) => void;
  readonly onClose: () => void;
}

/** All items of a round, with filters, a search and item numbers. */
export function ListDialog({ api, view, onView, round, current, focus, onOpen, onClose }: ListDialogProps) {
  const [found, setFound] = useState<{ readonly view: ListView; readonly list: ItemList } | null>(null);
  // In the search field, Enter opens the first row and the arrow key focuses it, once the new rows are loaded.
  const [pendingAction, setPendingAction] = useState<'focus' | 'open' | null>(focus === 'rows' ? 'focus' : null);
  const [problem, setProblem] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLOListElement>(null);
  // A layout effect runs before the next key event.
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
    if (!isFresh || pendingAction === null) return;
    const first = rows.current!.querySelector('button');
    if (pendingAction === 'open') first?.click();
    else (rows.current!.querySelector<HTMLElement>('[aria-current]') ?? first)?.focus();
    setPendingAction(null);
  }, [isFresh, pendingAction]);
  const list = found?.list ?? null;
  const shown = view.round ?? round;
  return (
    <Dialog title="Items" onClose={onClose} className="list-dialog">
      <div class="list-tools">
        <input
          ref={search}
          type="search"
          aria-label="Search instructions, inputs and IDs"
          placeholder="Search"
          maxLength={1000}
          dir="auto"
          value={view.search}
          onInput={(event) => onView({ ...view, search: event.currentTarget.value, offset: 0 })}
          onKeyDown={(event) => {
            if (isComposing(event) || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
            event.preventDefault();
            setPendingAction(event.key === 'Enter' ? 'open' : 'focus');
          }}
        />
        <GoTo api={api} round={shown} hasFocus={focus === 'number'} onOpen={onOpen} />
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
        <legend class="visually-hidden">Filter</legend>
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
          <Pager
            label="List pages"
            list={list}
            size={PAGE}
            isLast={view.offset + PAGE >= list.total}
            onOffset={(offset) => onView({ ...view, offset })}
          />
        </>
      )}
    </Dialog>
  );
}
