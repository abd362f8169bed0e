import { ITEM_FATES, type PoolMap } from '../../pool-figures.ts';
import { PoolText } from '../components/pool-text.tsx';
import { count, figure } from '../components/wording.ts';

/** Of the card, where there is room. */
const CARD_WIDTH = 320;

/** What a point stands for, beside it: above in the lower half, below in the upper, within the map. */
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

/** What is known of a point, the most telling first. */
export function pointFacts(map: PoolMap, index: number): string[] {
  const round = map.round[index]!;
  const score = map.score[index] ?? null;
  return [
    ITEM_FATES[map.fate[index]!]!,
    ...(round > 0 ? [`round ${round}`] : []),
    ...(score === null ? [] : [`score ${figure(score)}`]),
    `cluster ${map.clusters[map.cluster[index]!]?.name ?? '–'}`,
    ...map.fields.flatMap((field) => {
      const value = field.of[index] ?? null;
      if (value === null) return [];
      return [`${field.name} ${field.kind === 'words' ? field.values[value] : figure(value)}`];
    }),
    `row ${count(map.position[index]! + 1)}`,
  ];
}
