import { shareInterval } from '../../math/share-interval.ts';
import { colors } from './colors.ts';
import { foldLines } from './fold-lines.ts';
import { formatCount, formatShare } from './format.ts';
import { renderTable } from './table.ts';

/** How many test labels tell which difference. */
export interface Power {
  /** Shares, 0–1. */
  readonly failureRate: number;
  readonly changed: number;
  readonly differences: readonly { readonly points: number; readonly testLabels: number }[];
  readonly testLabels: readonly { readonly count: number; readonly points: number }[];
}

/** What test labels tell, as two tables and what they assume. */
export function renderPower({ failureRate, changed, differences, testLabels }: Power, width: number): string {
  const range = (count: number) => {
    const { low, high } = shareInterval(failureRate * count, count);
    return `${Math.round(100 * low)}–${Math.round(100 * high)} %`;
  };
  const needed = renderTable(
    [
      { title: 'difference', value: ({ points }) => `${Number(points.toFixed(1))} points`, align: 'right' },
      { title: 'test labels', value: (row) => formatCount(row.testLabels), align: 'right' },
    ],
    differences,
    width,
  );
  const told = renderTable(
    [
      { title: 'test labels', value: ({ count }) => formatCount(count), align: 'right' },
      { title: `a rate of ${formatShare(failureRate)}`, value: ({ count }) => range(count), align: 'right' },
      { title: 'difference', value: ({ points }) => `${points.toFixed(1)} points`, align: 'right' },
    ],
    testLabels,
    width,
  );
  const assumed =
    `Differences are between the failure rates of two models on the same items, found in 80 % of the tries at 95 % ` +
    `confidence, if ${formatShare(changed)} of the items change between passing and failing (--changed). Ranges are 95 % intervals.`;
  const sections = [
    `${colors.bold('Test labels you need')}\n${needed}`,
    `${colors.bold('What test labels tell')}\n${told}`,
    foldLines(assumed, width),
    'Set labels.test in winnow.yaml to the number you choose.',
  ];
  return `${sections.join('\n\n')}\n`;
}
