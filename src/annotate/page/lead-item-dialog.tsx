import { useEffect, useState } from 'preact/hooks';
import { formatUsd } from '../../domain/money.ts';
import type { LeadItem, LeadLabel } from '../desk/lead-views.ts';
import { ChangesView } from './changes-view.tsx';
import { asRequestError, type DeskApi } from './desk-api.ts';
import { Dialog } from './dialog.tsx';
import { itemDuration, Moment } from './formats.tsx';
import { TurnsView } from './item-view.tsx';
import { KeyHint } from './keyboard.tsx';
import { PoolText } from './pool-text.tsx';
import { visibleText } from './visible-text.ts';

export const VERDICT_WORDS = { accepted: 'answered', rejected: 'rejected', skipped: 'skipped' } as const;

export interface LeadItemDialogProps {
  readonly api: DeskApi;
  readonly number: number;
  /** The person wants the item before or after this one. */
  readonly onMove: (step: 1 | -1) => void;
  readonly onClose: () => void;
}

/** An item with every answer side by side and its history. */
export function LeadItemDialog({ api, number, onMove, onClose }: LeadItemDialogProps) {
  const [item, setItem] = useState<LeadItem | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let isLate = false;
    api.leadItem(number).then(
      (loaded) => {
        if (isLate) return;
        setItem(loaded);
        setProblem('');
      },
      (error: unknown) => {
        if (isLate) return;
        const { message, hint } = asRequestError(error);
        setItem(null);
        setProblem(`${message} ${hint ?? ''}`);
      },
    );
    return () => {
      isLate = true;
    };
  }, [api, number]);
  const onKeyDown = (event: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean; target: unknown }) => {
    const isWriting = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
    if (isWriting || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'j') onMove(1);
    if (event.key === 'k') onMove(-1);
  };
  return (
    <Dialog
      title={item === null ? 'Item' : `Round ${item.round}, item ${item.rank} of ${item.of}`}
      className="lead-item"
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <p class="lead-item-nav">
        <button type="button" onClick={() => onMove(-1)} aria-keyshortcuts="K">
          Previous <KeyHint keys="K" />
        </button>
        <button type="button" onClick={() => onMove(1)} aria-keyshortcuts="J">
          Next <KeyHint keys="J" />
        </button>
      </p>
      {problem !== '' && (
        <p role="alert" class="trouble">
          {problem}
        </p>
      )}
      {item !== null && item.number === number && <ItemBody key={number} item={item} />}
    </Dialog>
  );
}

function ItemBody({ item }: { readonly item: LeadItem }) {
  const view = item.isMarkdown ? 'markdown' : 'written';
  const latest = item.labels.filter(({ isLatest }) => isLatest);
  const answers = latest.filter(({ verdict }) => verdict === 'accepted');
  const versions = [
    ...(item.failingAnswer === null ? [] : [{ name: "Model's answer", text: item.failingAnswer.response }]),
    ...answers.map(({ annotator, response }) => ({ name: annotator, text: response ?? '' })),
  ];
  const [base, setBase] = useState('');
  const from = base === '' ? undefined : versions[Number(base)];
  return (
    <>
      <TurnsView
        heading="Earlier in this conversation"
        id="lead-earlier"
        turns={item.conversation.before}
        view={view}
      />
      <section class="card" aria-labelledby="lead-instruction">
        <h3 id="lead-instruction">Instruction</h3>
        <PoolText text={item.instruction} view={view} />
        {item.input !== null && <PoolText text={item.input} view={view} />}
      </section>
      <TurnsView heading="After it" id="lead-after" turns={item.conversation.after} view={view} />
      <p class="muted">
        Why it was picked: <span class="isolated">{visibleText(item.reason)}</span>
      </p>
      <section aria-labelledby="answers-heading">
        <h3 id="answers-heading">Labels</h3>
        {latest.length === 0 && <p class="muted">No label yet.</p>}
        {versions.length > 1 && (
          <p class="lead-item-nav">
            <label for="compared-with">Compare with</label>
            <select id="compared-with" value={base} onChange={(event) => setBase(event.currentTarget.value)}>
              <option value="">–</option>
              {versions.map(({ name }, at) => (
                <option key={at} value={at}>
                  {visibleText(name)}
                </option>
              ))}
            </select>
          </p>
        )}
        <div class="versions">
          {item.failingAnswer !== null && (
            <div class="version">
              <h4>Model's answer</h4>
              <PoolText text={item.failingAnswer.response} view="written" />
              <p class="muted">
                Judge's score {item.failingAnswer.score.toFixed(1)} of 10: {visibleText(item.failingAnswer.judgeReason)}
              </p>
            </div>
          )}
          {latest.map((label) => (
            <LabelView key={label.id} label={label} from={from?.text} />
          ))}
        </div>
      </section>
      <History labels={item.labels} />
    </>
  );
}

interface LabelViewProps {
  readonly label: LeadLabel;
  /** The text that its response is compared with. */
  readonly from: string | undefined;
}

function LabelView({ label, from }: LabelViewProps) {
  const { annotator, verdict, response, comment, note, isDoubtful, seconds, costMicroUsd, submittedAtMs } = label;
  return (
    <div class={label.counts ? 'version counts' : 'version'}>
      <h4>
        <span class="isolated">{visibleText(annotator)}</span> {VERDICT_WORDS[verdict]}
        {isDoubtful && ', doubtful'}
        {label.counts && <strong> (counts)</strong>}
      </h4>
      {response !== null &&
        (from === undefined || from === response ? (
          <PoolText text={response} view="written" />
        ) : (
          <ChangesView from={from} to={response} />
        ))}
      {comment !== null && <p dir="auto">Reason: {visibleText(comment)}</p>}
      {note !== null && <p dir="auto">Note: {visibleText(note)}</p>}
      <p class="muted">
        <Moment atMs={submittedAtMs} />
        {seconds !== null && `, ${itemDuration(seconds)}`}
        {costMicroUsd > 0 && `, ${formatUsd(costMicroUsd)}`}
      </p>
    </div>
  );
}

/** Every label of the item in the order it was submitted, the changed ones too. */
function History({ labels }: { readonly labels: readonly LeadLabel[] }) {
  if (labels.length === 0) return null;
  return (
    <details class="history">
      <summary>History ({labels.length})</summary>
      <ol>
        {labels.map((label) => (
          <li key={label.id}>
            <Moment atMs={label.submittedAtMs} />: <span class="isolated">{visibleText(label.annotator)}</span>{' '}
            {VERDICT_WORDS[label.verdict]}
            {!label.isLatest && ', changed later'}
            {label.guidelines !== null && `, guidelines ${label.guidelines}`}
            {!label.isLatest && label.response !== null && <PoolText text={label.response} view="written" />}
          </li>
        ))}
      </ol>
    </details>
  );
}
