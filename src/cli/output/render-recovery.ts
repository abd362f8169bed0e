import type { RecoveredTable, Recovery } from '../../store/recover-state.ts';
import { colors } from './colors.ts';
import { formatCount, plural } from './format.ts';
import { safeName } from './safe-text.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column<RecoveredTable>[] = [
  { title: 'table', value: ({ name }) => name },
  { title: 'rows saved', value: ({ saved }) => formatCount(saved), align: 'right' },
  { title: 'unreadable', value: ({ gaps }) => (gaps === 0 ? '' : plural(gaps, 'place')), hiddenIfAll: '' },
  { title: 'left out', value: ({ left }) => (left === 0 ? '' : plural(left, 'row')), hiddenIfAll: '' },
];

/** What was saved of a damaged state file, by table. */
export function renderRecovery({ from, to, rebuilt, tables }: Recovery, width: number): string {
  const rows = tables.reduce((sum, { saved }) => sum + saved, 0);
  const isWhole = !rebuilt && tables.every(({ gaps, left }) => gaps + left === 0);
  const sections = [
    colors.green(`Saved ${plural(rows, 'row')} of ${safeName(from)} in ${safeName(to)}`),
    renderTable(COLUMNS, tables, width),
    isWhole ? '  Everything could be read.' : lostNote(rebuilt),
    `  To continue, move ${safeName(from)} away and rename ${safeName(to)} to it.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function lostNote(rebuilt: boolean): string {
  const list = rebuilt ? ' The list of tables was damaged too and was replaced.' : '';
  return `  ${colors.yellow('lost')}  Some rows could not be read, or belong to rows that could not.${list} Money that was spent for lost answers may be missing from the ledger: check your caps before you continue.`;
}
