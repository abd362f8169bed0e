import { useEffect, useState } from 'preact/hooks';
import { formatUsd } from '../../domain/money.ts';
import type { PayRow } from '../../domain/pay-row.ts';
import { UNNAMED } from '../desk/desk-views.ts';
import type { DeskApi } from './desk-api.ts';
import { count } from './formats.tsx';
import { useAnswers } from './use-answers.ts';
import { visibleText } from './visible-text.ts';

export interface PayListProps {
  readonly api: DeskApi;
  /** Everyone in the team table. */
  readonly people: readonly string[];
}

/** What everyone earned, by month, with a table to download and adjustments. */
export function PayList({ api, people }: PayListProps) {
  const { answer: rows, news, load } = useAnswers<readonly PayRow[]>([]);
  useEffect(() => void load(api.pay(), ''), [api, people.join('\n')]);
  const names = people.filter((name) => name !== UNNAMED);
  return (
    <section aria-labelledby="pay-heading">
      <h3 id="pay-heading">Pay</h3>
      {rows.length === 0 ? (
        <p class="muted">No work yet.</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard */}
          <div class="scrolls" tabIndex={0}>
            <table class="figures">
              <caption class="visually-hidden">Pay by person and month</caption>
              <thead>
                <tr>
                  {['Person', 'Month', 'Answered', 'Rejected', 'Skipped', 'Minutes', 'Labels', 'Adjusted', 'Total'].map(
                    (title) => (
                      <th key={title} scope="col">
                        {title}
                      </th>
                    ),
                  )}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <PayRowView key={`${row.annotator}\n${row.month}`} row={row} />
                ))}
              </tbody>
            </table>
          </div>
          <p>
            <a href="/api/lead/pay.csv" download="pay.csv">
              Download as CSV
            </a>
          </p>
        </>
      )}
      {names.length > 0 && (
        <AdjustmentForm
          names={names}
          onAdjust={(annotator, microUsd, reason) =>
            load(api.adjustPay({ annotator, microUsd, reason }), `Pay of ${visibleText(annotator)} adjusted.`)
          }
        />
      )}
      <p role="status" class={news.isProblem ? 'trouble' : 'muted'}>
        {news.text}
      </p>
    </section>
  );
}

function PayRowView({ row }: { readonly row: PayRow }) {
  const adjusted = row.totalMicroUsd - row.labelsMicroUsd;
  return (
    <tr>
      <th scope="row">
        <span class="isolated">{visibleText(row.annotator ?? UNNAMED)}</span>
      </th>
      <td>{row.month ?? 'No date'}</td>
      <td>{count(row.answered)}</td>
      <td>{count(row.rejected)}</td>
      <td>{count(row.skipped)}</td>
      <td>{count(Math.round(row.minutes))}</td>
      <td>{signedUsd(row.labelsMicroUsd)}</td>
      <td>
        {adjusted === 0 && row.adjustments.length === 0 ? '–' : signedUsd(adjusted)}
        {row.adjustments.map(({ reason, by }, at) => (
          <div class="muted" key={at}>
            {visibleText(reason)} ({visibleText(by)})
          </div>
        ))}
      </td>
      <td>{signedUsd(row.totalMicroUsd)}</td>
    </tr>
  );
}

function signedUsd(microUsd: number): string {
  return microUsd < 0 ? `−${formatUsd(-microUsd)}` : formatUsd(microUsd);
}

interface AdjustmentFormProps {
  readonly names: readonly string[];
  /** @returns whether it was done */
  readonly onAdjust: (annotator: string, microUsd: number, reason: string) => Promise<boolean>;
}

function AdjustmentForm({ names, onAdjust }: AdjustmentFormProps) {
  const [person, setPerson] = useState('');
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const annotator = names.includes(person) ? person : names[0]!;
  const microUsd = Math.round(Number(amount) * 1e6);
  const isComplete = amount.trim() !== '' && Number.isFinite(microUsd) && microUsd !== 0 && reason.trim() !== '';
  return (
    <form
      class="invite"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isComplete) return;
        void onAdjust(annotator, microUsd, reason.trim()).then((isDone) => {
          if (!isDone) return;
          setAmount('');
          setReason('');
        });
      }}
    >
      <label for="adjusted-person">Adjust pay of</label>
      <select id="adjusted-person" value={annotator} onChange={(event) => setPerson(event.currentTarget.value)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {visibleText(name)}
          </option>
        ))}
      </select>
      <label for="adjusted-by">by US dollars</label>
      <input
        id="adjusted-by"
        type="number"
        step="0.01"
        value={amount}
        onInput={(event) => setAmount(event.currentTarget.value)}
      />
      <label for="adjusted-why">because</label>
      <input
        id="adjusted-why"
        maxLength={1000}
        dir="auto"
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <button type="submit" disabled={!isComplete}>
        Adjust
      </button>
    </form>
  );
}
