import { ITEM_FATES, type PoolMap } from '../../pool-figures.ts';
import { compact, count } from '../components/format.ts';
import { PoolText } from '../components/pool-text.tsx';

/** Width of the card on a wide screen. */
const CARD_WIDTH = 320;

/** The item of a point, next to the point: below it near the top of the map, else above it. */
export function PointCard({
  map,
  index,
  x,
  y,
  width,
}: {
  map: PoolMap;
  index: number;
  x: number;
  y: number;
  width: number;
}) {
  const cardWidth = Math.min(CARD_WIDTH, width - 16);
  const left = Math.max(8, Math.min(width - cardWidth - 8, x - cardWidth / 2));
  return (
    <>
      <span class="ring" style={{ left: `${x}px`, top: `${y}px` }} />
      <div
        class="card"
        role="status"
        style={{ left: `${left}px`, width: `${cardWidth}px`, top: `${y}px` }}
        data-above={y > 200 ? '' : undefined}
      >
        <p class="card-text">
          <PoolText>{map.excerpt[index]!}</PoolText>
        </p>
        <p class="card-facts">{pointFacts(map, index).join(' · ')}</p>
      </div>
    </>
  );
}

/** Facts about a point, the most important first. */
export function pointFacts(map: PoolMap, index: number): string[] {
  const round = map.round[index]!;
  const score = map.score[index] ?? null;
  return [
    ITEM_FATES[map.fate[index]!]!,
    ...(round > 0 ? [`round ${round}`] : []),
    ...(score === null ? [] : [`score ${compact(score)}`]),
    `cluster ${map.clusters[map.cluster[index]!]?.name ?? '–'}`,
    ...map.fields.flatMap((field) => {
      const value = field.of[index] ?? null;
      if (value === null) return [];
      return [`${field.name} ${field.kind === 'words' ? field.values[value] : compact(value)}`];
    }),
    `row ${count(map.position[index]! + 1)}`,
  ];
}
