import type { MicroUsd } from '../domain/money.ts';
import type { PayRow } from '../domain/pay-row.ts';
import { WinnowError } from '../domain/winnow-error.ts';
import type { StoredAnnotation } from '../store/label-store.ts';
import type { CampaignContext } from './campaign-context.ts';
import { leadActionExpenseKey } from './expense-names.ts';
import { personOf } from './label-views.ts';
import { leadDecisions } from './lead-decisions.ts';

/** Pay by person and month, in the order of both. O(labels). */
export function payRows({ labels, lead }: CampaignContext['state']): PayRow[] {
  const rows = new Map<string, PayRow>();
  const add = (annotator: string | null, atMs: number | null, part: (row: PayRow) => Partial<PayRow>) => {
    const month = atMs === null ? null : new Date(atMs).toISOString().slice(0, 7);
    const key = JSON.stringify([annotator ?? '', month ?? '']);
    const row = rows.get(key) ?? { ...NOTHING, annotator, month };
    rows.set(key, { ...row, ...part(row) });
  };
  const actions = lead.actions();
  const { written } = leadDecisions(actions);
  const latest = new Map<string, StoredAnnotation>();
  for (const label of labels.annotations()) {
    if (written.has(label.id)) continue;
    latest.set(`${label.position} ${personOf(label)}`, label);
    add(label.annotator, label.submittedAtMs, ({ labelsMicroUsd }) => ({
      labelsMicroUsd: labelsMicroUsd + label.costMicroUsd,
    }));
  }
  for (const { annotator, submittedAtMs, verdict, seconds } of latest.values()) {
    add(annotator, submittedAtMs, (row) => {
      const count = verdict === 'accepted' ? 'answered' : verdict;
      return { [count]: row[count] + 1, minutes: row.minutes + (seconds ?? 0) / 60 };
    });
  }
  for (const { kind, annotator, atMs, details, comment, by } of actions) {
    if (kind !== 'adjust-pay') continue;
    const adjustment = { microUsd: details.microUsd ?? 0, reason: comment ?? '', by };
    add(annotator, atMs, ({ adjustments }) => ({ adjustments: [...adjustments, adjustment] }));
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => {
      const adjusted = row.adjustments.reduce((sum, { microUsd }) => sum + microUsd, 0);
      return { ...row, totalMicroUsd: row.labelsMicroUsd + adjusted };
    });
}

const NOTHING = {
  answered: 0,
  rejected: 0,
  skipped: 0,
  minutes: 0,
  labelsMicroUsd: 0,
  adjustments: [],
  totalMicroUsd: 0,
};

/**
 * Pays a person more, or less where it is negative, this month. More counts as spent on labels; less frees no budget.
 * @throws WinnowError NO_SUCH_PERSON; BudgetExceededError where more does not fit under the cap
 */
export function adjustPay(
  { state }: Pick<CampaignContext, 'state'>,
  adjustment: { readonly annotator: string; readonly by: string; readonly microUsd: MicroUsd; readonly reason: string },
): void {
  const { annotator, by, microUsd, reason } = adjustment;
  state.transaction(() => {
    if (!state.people.names().includes(annotator)) {
      throw new WinnowError('NO_SUCH_PERSON', `${annotator} has not worked on this campaign.`);
    }
    const { id } = state.lead.add({ kind: 'adjust-pay', by, annotator, comment: reason, details: { microUsd } });
    if (microUsd <= 0) return;
    const key = leadActionExpenseKey(id);
    const subject = `added to the pay of ${annotator}`;
    state.ledger.expenses.reserve([{ account: 'labels', key, subject, worstCaseMicroUsd: microUsd, labels: 0 }]);
    state.ledger.expenses.settle(key, { costMicroUsd: microUsd, labels: 0 });
  });
}

const COLUMNS = ['person', 'month', 'answered', 'rejected', 'skipped', 'minutes', 'labels_usd', 'adjustments_usd'];

/** The rows as a table for a spreadsheet, with the reasons of adjustments. */
export function payTable(rows: readonly PayRow[]): string {
  const lines = rows.map(({ annotator, month, answered, rejected, skipped, minutes, ...money }) => {
    const { labelsMicroUsd, adjustments, totalMicroUsd } = money;
    return [
      textCell(annotator ?? ''),
      month ?? '',
      ...[answered, rejected, skipped, minutes.toFixed(1)],
      ...[labelsMicroUsd, totalMicroUsd - labelsMicroUsd, totalMicroUsd].map((amount) => (amount / 1e6).toFixed(6)),
      textCell(adjustments.map(({ reason, by }) => `${reason} (${by})`).join('; ')),
    ].join(',');
  });
  return [[...COLUMNS, 'total_usd', 'reasons'].join(','), ...lines, ''].join('\r\n');
}

/** Quoted; with an apostrophe where a spreadsheet would take it for a formula. */
function textCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}
