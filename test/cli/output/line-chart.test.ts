import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type ChartLine, renderLineChart } from '../../../src/cli/output/line-chart.ts';

const plain = (text: string) => text;
const chart = (curves: Readonly<Record<string, readonly (readonly [number, number])[]>>, width = 80, paint = plain) => {
  const lines = Object.entries(curves).map(
    ([name, points], index): ChartLine => ({
      name,
      mark: 'abcdefghijklmnopq'[index]!,
      paint,
      points: points.map(([x, y]) => ({ x, y })),
    }),
  );
  return renderLineChart(lines, width).split('\n');
};
/** Column and row of every mark in the plot. */
const marksIn = (rows: readonly string[], mark: string) =>
  rows.slice(0, -2).flatMap((row, y) => {
    const plot = row.slice(0, row.search(/ [a-z] \S/) < 0 ? undefined : row.search(/ [a-z] \S/));
    return [...plot].flatMap((character, x) => (character === mark ? [[x, y] as const] : []));
  });

describe('a line chart', () => {
  it('puts marks where the values are: rising to the right, doublings equally far apart', () => {
    const rows = chart({
      one: [
        [50, 0.1],
        [100, 0.2],
        [200, 0.3],
        [400, 0.4],
      ],
    });
    const marks = marksIn(rows, 'a').sort(([x], [other]) => x - other);
    expect(marks).toHaveLength(4);
    const columns = marks.map(([x]) => x);
    const steps = columns.slice(1).map((x, index) => x - columns[index]!);
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
    const heights = marks.map(([, y]) => y);
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
    expect(heights[0]).toBe(11);
    expect(heights[3]).toBe(0);
    const axis = rows.at(-2)!;
    for (const x of columns) expect(axis[x]).toBe('┬');
    expect(rows.at(-1)).toMatch(/^ +50 +100 +200 +400 labels$/);
  });

  it('hides no mark behind another', () => {
    const same = [
      [10, 1],
      [20, 2],
    ] as const;
    const rows = chart({ one: same, two: same, three: same, four: same });
    for (const mark of 'abcd') expect(marksIn(rows, mark)).toHaveLength(2);
  });

  it('names every line once, near its end, however many end alike', () => {
    const names = Array.from({ length: 15 }, (_, index) => `line-${index}`);
    const rows = chart(
      Object.fromEntries(
        names.map((name) => [
          name,
          [
            [1, 1],
            [2, 1.5],
          ],
        ]),
      ),
    );
    for (const name of names) expect(rows.filter((row) => row.endsWith(` ${name}`))).toHaveLength(1);
    const [high, low] = [
      [
        [1, 0],
        [2, 9],
      ] as const,
      [
        [1, 0],
        [2, 1],
      ] as const,
    ];
    const two = chart({ low, high });
    expect(two.findIndex((row) => row.endsWith('b high'))).toBeLessThan(two.findIndex((row) => row.endsWith('a low')));
  });

  it.each([60, 80, 120])('stays within %i columns, for any line names', (width) => {
    const rows = chart(
      {
        '\u001b[31mred\u0007 and a very long name that goes on and on and on': [
          [10, 0.123456],
          [5000, 7],
        ],
      },
      width,
    );
    for (const row of rows) expect([...row].length).toBeLessThanOrEqual(width);
    for (const character of ['\u001b', '\u0007']) expect(rows.join('')).not.toContain(character);
  });

  it('is drawn where all values are equal, or a line has a single point', () => {
    const rows = chart({
      flat: [
        [10, 0],
        [20, 0],
      ],
      point: [[20, 0]],
    });
    expect(marksIn(rows, 'a')).toHaveLength(2);
    expect(rows.join('\n')).not.toMatch(/NaN|undefined/);
    expect(new Set(marksIn(rows, 'a').map(([, y]) => y)).size).toBe(1);
  });

  it('draws lines between the points in braille, in the color of the line', () => {
    const colored = chart(
      {
        one: [
          [1, 0],
          [2, 1],
        ],
      },
      80,
      (text) => `\u001b[36m${text}\u001b[39m`,
    ).join('\n');
    expect(colored).toContain('\u001b[36m⠤\u001b[39m');
    expect(stripVTControlCharacters(colored)).toBe(
      chart({
        one: [
          [1, 0],
          [2, 1],
        ],
      }).join('\n'),
    );
  });
});
