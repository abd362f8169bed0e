import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, renderTable } from '../../../src/cli/output/table.ts';

interface Row {
  readonly name: string;
  readonly count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'name', value: ({ name }) => name, shrinksTo: 6 },
  { title: 'count', value: ({ count }) => String(count), align: 'right' },
];

const lines = (rows: readonly Row[], width: number) =>
  stripVTControlCharacters(renderTable(COLUMNS, rows, width)).split('\n');

describe('a table', () => {
  it('aligns its columns beneath their titles', () => {
    expect(
      lines(
        [
          { name: 'a', count: 1 },
          { name: 'bcdef', count: 1234 },
        ],
        80,
      ),
    ).toEqual(['  name   count', '  a          1', '  bcdef   1234']);
  });

  it('colors cells without moving others', () => {
    const columns: Column<Row>[] = [
      { ...COLUMNS[0]!, paint: ({ count }) => (count > 1 ? (text) => `\u001b[1m${text}\u001b[22m` : undefined) },
      COLUMNS[1]!,
    ];
    const rows = [
      { name: 'a', count: 1 },
      { name: 'bcdef', count: 1234 },
    ];
    const table = renderTable(columns, rows, 80);
    expect(table).toContain('\u001b[1mbcdef\u001b[22m');
    expect(stripVTControlCharacters(table)).toBe(stripVTControlCharacters(renderTable(COLUMNS, rows, 80)));
  });

  it('cuts the columns that may shrink where the terminal is narrow', () => {
    expect(lines([{ name: 'a very long name', count: 1 }], 20)).toEqual([
      '  name         count',
      '  a very lon…      1',
    ]);
  });

  it('leaves a column out that says nothing', () => {
    const columns = [COLUMNS[0]!, { ...COLUMNS[1]!, hiddenIfAll: '0' }];
    expect(stripVTControlCharacters(renderTable(columns, [{ name: 'a', count: 0 }], 80))).toBe('  name\n  a');
    expect(
      renderTable(
        columns,
        [
          { name: 'a', count: 0 },
          { name: 'b', count: 2 },
        ],
        80,
      ),
    ).toContain('count');
  });

  it('aligns signs that take two columns, and marks that take none', () => {
    expect(
      lines(
        [
          { name: '数据', count: 1 },
          { name: 'e\u0301te\u0301', count: 22 },
        ],
        80,
      ),
    ).toEqual(['  name  count', '  数据      1', '  e\u0301te\u0301      22']);
  });

  it('leaves columns out where it is too narrow: some before it cuts, some after, the rightmost first', () => {
    const columns: readonly Column<Row>[] = [
      COLUMNS[0]!,
      { title: 'first', value: () => '11111', drops: 'first' },
      { title: 'last', value: () => '2222', drops: 'last' },
      { title: 'also', value: () => '3333', drops: 'last' },
      COLUMNS[1]!,
    ];
    const titles = (width: number) => {
      const table = renderTable(columns, [{ name: 'a long name', count: 7 }], width);
      return stripVTControlCharacters(table)
        .split('\n')
        .map((line) => line.trim().replace(/ +/g, ' '));
    };
    expect(titles(39)).toEqual(['name first last also count', 'a long name 11111 2222 3333 7']);
    expect(titles(38)).toEqual(['name last also count', 'a long name 2222 3333 7']);
    expect(titles(27)).toEqual(['name last also count', 'a lon… 2222 3333 7']);
    expect(titles(26)).toEqual(['name last count', 'a long name 2222 7']);
    expect(titles(15)).toEqual(['name count', 'a lon… 7']);
  });

  it('has no line for titles where there are none', () => {
    const columns = COLUMNS.map((column) => ({ ...column, title: '' }));
    expect(stripVTControlCharacters(renderTable(columns, [{ name: 'a', count: 7 }], 80))).toBe('  a  7');
  });

  it('shows no escape sequence and never more lines than rows, for any cell text', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u001b[2J', 'a\nb', '\u202eabc', '\r'));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), fc.integer({ min: 20, max: 120 }), (names, width) => {
        const text = renderTable(
          COLUMNS,
          names.map((name) => ({ name, count: 1 })),
          width,
        );
        expect(text.split('\n')).toHaveLength(names.length + 1);
        for (const mark of ['\u001b', '\u202e', '\r']) expect(text.slice(text.indexOf('\n'))).not.toContain(mark);
      }),
    );
  });

  it('keeps within the width of the terminal as far as its columns shrink', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.integer({ min: 20, max: 120 }), (name, width) => {
        for (const line of lines([{ name, count: 7 }], width)) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
