import { useCallback, useMemo, useState } from 'preact/hooks';
import type { PoolMap } from '../../pool-figures.ts';
import { mapCaption } from '../captions/pool-captions.ts';
import { colorChoices } from '../map/coloring.ts';
import { MapCanvas } from '../map/map-canvas.tsx';
import { type Hidden, MapLegend } from '../map/map-legend.tsx';
import { PointsTable } from '../map/points-table.tsx';

const ALL_SHOWN: Hidden = { fates: new Set(), groups: new Set() };

/** The pool in two dimensions: similar instructions are close together. */
export function MapFigure({ map }: { map: PoolMap }) {
  const choices = useMemo(() => colorChoices(map), [map]);
  const [key, setKey] = useState(choices[0]!.key);
  const [hidden, setHidden] = useState(ALL_SHOWN);
  const coloring = useMemo(() => choices.find((choice) => choice.key === key)!.coloring(map), [choices, key, map]);
  const isShown = useCallback(
    (index: number) =>
      !hidden.fates.has(map.fate[index]!) && (coloring.kind === 'ramp' || !hidden.groups.has(coloring.groupOf[index]!)),
    [hidden, coloring, map],
  );
  const caption = mapCaption(map);
  return (
    <figure class="chart">
      <figcaption>
        <p>{caption}</p>
      </figcaption>
      <label class="color-by screen-only">
        Color by
        <select
          value={key}
          onChange={({ currentTarget }) => {
            setKey(currentTarget.value);
            setHidden({ ...hidden, groups: new Set() });
          }}
        >
          {choices.map((choice) => (
            <option key={choice.key} value={choice.key}>
              {choice.title}
            </option>
          ))}
        </select>
      </label>
      <div class="map-and-legend">
        <MapCanvas map={map} coloring={coloring} isShown={isShown} label={`Map of the pool. ${caption}`} />
        <MapLegend map={map} coloring={coloring} hidden={hidden} onHide={setHidden} />
      </div>
      <PointsTable map={map} isShown={isShown} />
    </figure>
  );
}
