import { stripVTControlCharacters as plain } from 'node:util';
import { expect, it } from 'vitest';
import { renderCategories } from '../../../src/cli/output/render-categories.ts';
import { textWidth } from '../../../src/cli/output/text-width.ts';
import type { CategoryPicks } from '../../../src/runs/pick/picks-by-category.ts';
import { HOSTILE, HOSTILE_MARKS } from '../campaign-lab.ts';

const PICKS: CategoryPicks = {
  field: 'category',
  count: 3,
  covered: 2,
  picked: 12,
  pool: 2400,
  listed: [
    { name: 'extraction', picked: 8, pool: 5 },
    { name: '質問', picked: 4, pool: 1200 },
    { name: 'none of these', picked: 0, pool: 1195 },
  ],
};

it('shows what was picked of each category beside its share of the pool', () => {
  expect(`\n${plain(renderCategories(PICKS, 80))}\n`).toBe(`
Picked from 2 of 3 categories, by the field category
                                       picks  of them  of the pool
  extraction     ████████████████████      8     67 %         <1 %
  質問           ██████████                4     33 %         50 %
  none of these                            0      0 %         50 %
`);
});

it('says how many more there are than it shows', () => {
  const listed = Array.from({ length: 20 }, (_, index) => ({ name: `topic ${index}`, picked: 1, pool: 9 }));
  const lines = plain(renderCategories({ ...PICKS, count: 1_234, covered: 20, picked: 20, listed }, 80)).split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[0]).toBe('Picked from 20 of 1,234 categories, by the field category');
  expect(lines.at(-1)).toBe('  … and 1,226 more');
});

it.each([40, 80])('stays within %i columns and removes escape sequences from category names', (width) => {
  const listed = [{ name: `${HOSTILE}${'long '.repeat(40)}`, picked: 12, pool: 12 }];
  const [, ...lines] = renderCategories({ ...PICKS, field: HOSTILE, listed }, width).split('\n');
  for (const line of lines.slice(0, 2)) expect(textWidth(line)).toBeLessThanOrEqual(width);
  for (const mark of HOSTILE_MARKS.slice(1)) expect(renderCategories({ ...PICKS, listed }, width)).not.toContain(mark);
});
