import type { CategoryPicks, CategoryShare } from '../../runs/pick/picks-by-category.ts';
import { bar } from './bar.ts';
import { colors } from './colors.ts';
import { formatCount, formatPart, plural } from './format.ts';
import { safeLine } from './safe-text.ts';
import { type Column, renderTable } from './table.ts';

const SHOWN = 8;
const BAR_WIDTH = 20;
const LONGEST_NAME = 40;

/** What was picked from each category, beside its share of the pool, to see which are over- or underrepresented. */
export function renderCategories(categories: CategoryPicks, width: number): string {
  const { field, count, covered, listed } = categories;
  const rows = listed.slice(0, SHOWN);
  const title = `Picked from ${formatCount(covered)} of ${plural(count, 'category', 'categories')}`;
  const more = count > rows.length ? [`  … and ${formatCount(count - rows.length)} more`] : [];
  return [
    `${colors.bold(title)}, by the field ${safeLine(field, LONGEST_NAME)}`,
    renderTable(columnsOf(categories), rows, width),
    ...more,
  ].join('\n');
}

function columnsOf({ picked, pool, listed }: CategoryPicks): readonly Column<CategoryShare>[] {
  const most = Math.max(1, ...listed.map((one) => one.picked));
  return [
    { title: '', value: ({ name }) => name, shrinksTo: 8 },
    { title: '', value: (one) => bar(one.picked / most, BAR_WIDTH).padEnd(BAR_WIDTH), drops: 'last' },
    { title: 'picks', value: (one) => formatCount(one.picked), align: 'right' },
    { title: 'of them', value: (one) => formatPart(one.picked, picked), align: 'right' },
    { title: 'of the pool', value: (one) => formatPart(one.pool, pool), align: 'right' },
  ];
}
