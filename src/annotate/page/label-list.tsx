import { useEffect, useRef, useState } from 'preact/hooks';
import type { LabelFilter, LabelLine, LabelList as Labels } from '../desk/lead-views.ts';
import { asRequestError, type DeskApi } from './desk-api.ts';
import { LeadItemDialog } from './lead-item-dialog.tsx';
import { moveFocus } from './list-rows.tsx';
import { numberInAddress, putInAddress } from './navigation.ts';
import { Pager } from './pager.tsx';
import { visibleText } from './visible-text.ts';

const PAGE = 25;
/** The search starts after this pause in typing. */
const PAUSE_MS = 150;

const VERDICTS: Readonly<Record<LabelFilter, string>> = {
  all: 'All items',
  accepted: 'Answered',
  rejected: 'Rejected',
  skipped: 'Skipped',
  none: 'No label yet',
};
export const RESULTS: Readonly<Record<LabelLine['state'], { readonly sign: string; readonly word: string }>> = {
  labeled: { sign: '●', word: 'Answered' },
  rejected: { sign: '⊘', word: 'Rejected' },
  skipped: { sign: '↷', word: 'Skipped' },
  none: { sign: '○', word: 'No label' },
};

const EVERYTHING = { round: null, verdict: 'all', person: null, isDoubtful: false, search: '', offset: 0 } as const;
type View = Omit<Parameters<DeskApi['labels']>[0], 'limit'>;

/** All items with their labels, with filters and a search. A row opens the item. */
export function LabelList({ api }: { readonly api: DeskApi }) {
  const [view, setView] = useState<View>(EVERYTHING);
  const [list, setList] = useState<Labels | null>(null);
  const [problem, setProblem] = useState('');
  const [changes, setChanges] = useState(0);
  const drafts = useRef(new Map<number, string>());
  const [opened, setOpened] = useState(numberInAddress);
  useEffect(() => {
    let isLate = false;
    const load = async () => {
      try {
        const loaded = await api.labels({ ...view, limit: PAGE });
        if (isLate) return;
        setList(loaded);
        setProblem('');
      } catch (error) {
        if (!isLate) setProblem(asRequestError(error).message);
      }
    };
    const timer = setTimeout(() => void load(), list === null || view.search === '' ? 0 : PAUSE_MS);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [api, view, changes]);
  useEffect(() => {
    const follow = () => setOpened(numberInAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const filter = (part: Partial<View>) => setView({ ...view, offset: 0, ...part });
  const open = (number: number | null) => {
    putInAddress(number, false);
    setOpened(number);
  };
  /** The item before or after the open one; at the end of a page, from the next page. */
  const move = (step: 1 | -1) => {
    if (list === null) return;
    const at = list.items.findIndex(({ number }) => number === opened);
    const beside = list.items[at + step]?.number ?? (step > 0 ? list.after : list.before);
    if (beside === null) return;
    if (list.items[at + step] === undefined) setView({ ...view, offset: Math.max(0, view.offset + step * PAGE) });
    open(beside);
  };
  return (
    <section aria-labelledby="labels-heading">
      <h3 id="labels-heading">All labels</h3>
      <div class="list-tools">
        <input
          type="search"
          aria-label="Search items and labels"
          placeholder="Search"
          maxLength={1000}
          dir="auto"
          value={view.search}
          onInput={(event) => filter({ search: event.currentTarget.value })}
        />
        <select
          aria-label="Verdict"
          value={view.verdict}
          onChange={(event) => filter({ verdict: event.currentTarget.value as LabelFilter })}
        >
          {Object.entries(VERDICTS).map(([verdict, name]) => (
            <option key={verdict} value={verdict}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label="Person"
          value={view.person ?? ''}
          onChange={({ currentTarget: { value } }) => filter({ person: value === '' ? null : value })}
        >
          <option value="">Everyone</option>
          {list?.people.map((person) => (
            <option key={person} value={person}>
              {visibleText(person)}
            </option>
          ))}
        </select>
        {list !== null && list.rounds > 1 && (
          <select
            aria-label="Round"
            value={view.round ?? ''}
            onChange={({ currentTarget: { value } }) => filter({ round: value === '' ? null : Number(value) })}
          >
            <option value="">All rounds</option>
            {Array.from({ length: list.rounds }, (_, index) => (
              <option key={index} value={index + 1}>
                Round {index + 1}
              </option>
            ))}
          </select>
        )}
        <label class="check">
          <input
            type="checkbox"
            checked={view.isDoubtful}
            onChange={(event) => filter({ isDoubtful: event.currentTarget.checked })}
          />
          Doubtful only
        </label>
      </div>
      {problem !== '' && (
        <p role="alert" class="trouble">
          {problem}
        </p>
      )}
      {list !== null && (
        <>
          <ol class="rows" onKeyDown={moveFocus}>
            {list.items.map((line) => (
              <Row key={line.number} line={line} onOpen={() => open(line.number)} />
            ))}
          </ol>
          <Pager
            label="Pages of labels"
            list={list}
            size={PAGE}
            isLast={list.after === null}
            onOffset={(offset) => setView({ ...view, offset })}
          />
        </>
      )}
      {opened !== null && (
        <LeadItemDialog
          api={api}
          number={opened}
          onMove={move}
          onClose={() => open(null)}
          onChanged={() => setChanges(changes + 1)}
          drafts={drafts.current}
        />
      )}
    </section>
  );
}

function Row({ line, onOpen }: { readonly line: LabelLine; readonly onOpen: () => void }) {
  const { round, rank, state, isDoubtful, people, excerpt } = line;
  return (
    <li>
      <button type="button" onClick={onOpen}>
        <span class="rank">
          {round}.{rank}
        </span>
        <span class={`state ${state === 'labeled' ? 'answered' : state}`}>
          <span aria-hidden="true">{RESULTS[state].sign}</span> {RESULTS[state].word}
          {isDoubtful && ', doubtful'}
          {people.length > 0 && <span class="isolated"> by {visibleText(people.join(', '))}</span>}
        </span>
        <span class="excerpt" dir="auto">
          {visibleText(excerpt)}
        </span>
      </button>
    </li>
  );
}
