import type { CoverageFigures } from '../../pool-figures.ts';
import { sayCategories, sayDistance, sayRadius } from '../captions/say-coverage.ts';
import { CoverageChart } from './coverage-chart.tsx';

/** How well the labels stand for the whole pool, label by label, beside random choices of the same sizes. */
export function Coverage({ figures }: { figures: CoverageFigures }) {
  const { categoryField, categories } = figures;
  const kinds = categoryField === 'clusters' ? 'clusters' : 'categories';
  return (
    <div class="charts are-small">
      <CoverageChart
        figures={figures}
        measure="radius"
        title="Coverage radius"
        axis="largest distance to a label"
        says={sayRadius(figures)}
      />
      <CoverageChart
        figures={figures}
        measure="meanDistance"
        title="Mean distance"
        axis="mean distance to a label"
        says={sayDistance(figures)}
      />
      <CoverageChart
        figures={figures}
        measure="categories"
        title={categoryField === 'clusters' ? 'Clusters covered' : 'Categories covered'}
        axis={`${kinds} with a label`}
        says={sayCategories(figures)}
        most={categories}
      />
    </div>
  );
}
