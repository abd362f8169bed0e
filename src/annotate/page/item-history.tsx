import type { LeadEvent, LeadItem, LeadLabel } from '../desk/lead-views.ts';
import { Moment } from './formats.tsx';
import { PoolText } from './pool-text.tsx';
import { visibleText } from './visible-text.ts';

export const VERDICT_WORDS = { accepted: 'answered', rejected: 'rejected', skipped: 'skipped' } as const;

/** Everything that happened to an item, in that order: every label, the changed ones too, and what leads did. */
export function ItemHistory({ labels, events }: Pick<LeadItem, 'labels' | 'events'>) {
  const entries = [
    ...labels.map((label) => ({ atMs: label.submittedAtMs ?? 0, id: `label ${label.id}`, label, event: null })),
    ...events.map((event) => ({ atMs: event.atMs, id: `event ${event.id}`, label: null, event })),
  ].sort((a, b) => a.atMs - b.atMs);
  if (entries.length === 0) return null;
  return (
    <details class="history">
      <summary>History ({entries.length})</summary>
      <ol>
        {entries.map(({ id, label, event }) => (
          <li key={id}>
            {label !== null && <LabelEntry label={label} />}
            {event !== null && <EventEntry event={event} />}
          </li>
        ))}
      </ol>
    </details>
  );
}

function LabelEntry({ label }: { readonly label: LeadLabel }) {
  const { annotator, verdict, response, isLatest, isByLead, isDropped, guidelines, submittedAtMs } = label;
  return (
    <>
      <Moment atMs={submittedAtMs} />: <span class="isolated">{visibleText(annotator)}</span> {VERDICT_WORDS[verdict]}
      {isByLead && ', as the lead'}
      {isDropped && ', dropped'}
      {!isLatest && !isByLead && !isDropped && ', changed later'}
      {guidelines !== null && `, guidelines ${guidelines}`}
      {!isLatest && response !== null && <PoolText text={response} view="written" />}
    </>
  );
}

const DEEDS: Readonly<Record<LeadEvent['kind'], string>> = {
  decide: 'decided which label counts',
  undecide: 'undid the decision',
  'send-back': 'sent a label back to',
  'take-back': 'no longer waits for',
  reopen: 'asked for another answer',
  close: 'stopped asking for another answer',
  assign: 'assigned it to',
};

function EventEntry({ event: { kind, by, annotator, to, comment, atMs } }: { readonly event: LeadEvent }) {
  const whom = kind === 'assign' ? (to.length === 0 ? 'everyone' : to.join(', ')) : annotator;
  return (
    <>
      <Moment atMs={atMs} />: <span class="isolated">{visibleText(by)}</span> {DEEDS[kind]}
      {whom !== null && <span class="isolated"> {visibleText(whom)}</span>}
      {comment !== null && comment !== '' && (
        <>
          : <span class="isolated">{visibleText(comment)}</span>
        </>
      )}
    </>
  );
}
