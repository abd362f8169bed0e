import type { CoverageFigures } from '../../pool-figures.ts';
import { categoriesCaption, distanceCaption, radiusCaption } from '../captions/pool-captions.ts';
import { CoverageChart } from './coverage-chart.tsx';

/** How well the labels cover the pool, compared with random picks of the same size. */
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
        caption={radiusCaption(figures)}
      />
      <CoverageChart
        figures={figures}
        measure="meanDistance"
        title="Mean distance"
        axis="mean distance to a label"
        caption={distanceCaption(figures)}
      />
      <CoverageChart
        figures={figures}
        measure="categories"
        title={categoryField === 'clusters' ? 'Clusters covered' : 'Categories covered'}
        axis={`${kinds} with a label`}
        caption={categoriesCaption(figures)}
        limit={categories}
      />
    </div>
  );
}
