import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatUsd } from '../../domain/money.ts';
import { UNNAMED } from '../desk/desk-views.ts';
import type { LeadItem, LeadLabel, LeadRequest } from '../desk/lead-views.ts';
import { AnswerList } from './answer-list.tsx';
import { ChangesView } from './changes-view.tsx';
import { asRequestError, type DeskApi } from './desk-api.ts';
import { Dialog } from './dialog.tsx';
import { itemDuration, Moment } from './formats.tsx';
import { ItemHistory, VERDICT_WORDS } from './item-history.tsx';
import { TurnsView } from './item-view.tsx';
import { KeyHint } from './keyboard.tsx';
import { AskAnother, FinalAnswer, OpenDecisions, SendBackForm } from './lead-item-actions.tsx';
import { PoolText } from './pool-text.tsx';
import { visibleText } from './visible-text.ts';

export interface LeadItemDialogProps {
  readonly api: DeskApi;
  readonly number: number;
  /** The person wants the item before or after this one. */
  readonly onMove: (step: 1 | -1) => void;
  readonly onClose: () => void;
  /** Called when the lead changed the item. */
  readonly onChanged: () => void;
  /** Answers that leads have begun, by number of the item. */
  readonly drafts: Map<number, string>;
}

/** An item with every answer side by side and its history. */
export function LeadItemDialog({ api, number, onMove, onClose, onChanged, drafts }: LeadItemDialogProps) {
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
  const act = async (request: LeadRequest): Promise<boolean> => {
    try {
      setItem(await api.actAsLead(number, request));
      setProblem('');
      onChanged();
      return true;
    } catch (error) {
      const { message, hint } = asRequestError(error);
      setProblem(`${message} ${hint ?? ''}`);
      return false;
    }
  };
  const onKeyDown = (event: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean; target: unknown }) => {
    const isWriting = event.target instanceof HTMLElement && event.target.matches('textarea, select, input');
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
      {item !== null && item.number === number && <ItemBody key={number} item={item} onAct={act} drafts={drafts} />}
    </Dialog>
  );
}

interface ItemBodyProps {
  readonly item: LeadItem;
  /** @returns whether it was done */
  readonly onAct: (request: LeadRequest) => Promise<boolean>;
  readonly drafts: Map<number, string>;
}

function ItemBody({ item, onAct, drafts }: ItemBodyProps) {
  const view = item.isMarkdown ? 'markdown' : 'written';
  const latest = item.labels.filter(({ isLatest, isByLead, counts }) => isLatest || (isByLead && counts));
  const answers = latest.filter(({ verdict }) => verdict === 'accepted');
  const versions = [
    ...(item.failingAnswer === null ? [] : [{ name: "Model's answer", text: item.failingAnswer.response }]),
    ...answers.map(({ annotator, response }) => ({ name: annotator, text: response ?? '' })),
  ];
  const [base, setBase] = useState('');
  const [draft, setDraft] = useState(drafts.get(item.number) ?? null);
  const [returnTo, setReturnTo] = useState<string | null>(null);
  const write = (text: string | null) => {
    if (text === null) drafts.delete(item.number);
    else drafts.set(item.number, text);
    setDraft(text);
  };
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
        <OpenDecisions item={item} onAct={onAct} />
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
            <LabelView key={label.id} label={label} from={from?.text}>
              <p class="lead-item-nav">
                {(!label.counts || item.decision === null) && label.verdict !== 'skipped' && (
                  <button type="button" onClick={() => void onAct({ kind: 'choose', label: label.id })}>
                    {label.verdict === 'accepted' ? 'Use this answer' : 'Confirm rejection'}
                  </button>
                )}
                {label.response !== null && (
                  <button
                    type="button"
                    onClick={() => write(draft === null ? label.response : `${draft}\n\n${label.response}`)}
                  >
                    {draft === null ? 'Edit' : 'Add to final answer'}
                  </button>
                )}
                {!label.isByLead && label.annotator !== UNNAMED && (
                  <button type="button" onClick={() => setReturnTo(label.annotator)}>
                    Send back…
                  </button>
                )}
              </p>
              {returnTo === label.annotator && !label.isByLead && (
                <SendBackForm
                  annotator={label.annotator}
                  onSend={(comment) =>
                    void onAct({ kind: 'send-back', annotator: label.annotator, comment }).then(
                      (isDone) => isDone && setReturnTo(null),
                    )
                  }
                  onCancel={() => setReturnTo(null)}
                />
              )}
            </LabelView>
          ))}
        </div>
        {draft === null ? (
          <button type="button" onClick={() => write('')}>
            Write the answer
          </button>
        ) : (
          <FinalAnswer
            text={draft}
            onText={write}
            onSave={(verdict, comment) =>
              void onAct({ kind: 'write', verdict, response: draft, comment }).then((isDone) => isDone && write(null))
            }
            onCancel={() => write(null)}
          />
        )}
        <AskAnother item={item} onAct={onAct} />
      </section>
      <ItemHistory labels={item.labels} events={item.events} />
    </>
  );
}

interface LabelViewProps {
  readonly label: LeadLabel;
  /** The text that its response is compared with. */
  readonly from: string | undefined;
  readonly children: ComponentChildren;
}

function LabelView({ label, from, children }: LabelViewProps) {
  const { annotator, verdict, response, comment, note, answers, isDoubtful, seconds, costMicroUsd, submittedAtMs } =
    label;
  return (
    <div class={label.counts ? 'version counts' : 'version'}>
      <h4>
        <span class="isolated">{visibleText(annotator)}</span> {VERDICT_WORDS[verdict]}
        {label.isByLead && ' as the lead'}
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
      <AnswerList answers={answers} />
      <p class="muted">
        <Moment atMs={submittedAtMs} />
        {seconds !== null && `, ${itemDuration(seconds)}`}
        {costMicroUsd > 0 && `, ${formatUsd(costMicroUsd)}`}
      </p>
      {children}
    </div>
  );
}
