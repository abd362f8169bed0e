import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PoolMap } from '../../pool-figures.ts';
import { useWidth } from '../components/chart.tsx';
import { usePrinting, useTheme } from '../components/use-media.ts';
import type { Coloring } from './coloring.ts';
import { drawPoints } from './draw-points.ts';
import { PointCard } from './point-card.tsx';
import { pointColors } from './point-colors.ts';
import { PrintedMap } from './printed-map.tsx';
import { FULL_VIEW, nearestPoint, nextPoint, toPixels, type View, zoomed } from './view.ts';

const MARGIN = 14;
/** How far from a point the pointer may be, in pixels; fingers are less exact. */
const REACH = 16;
const FINGER_REACH = 26;
const ZOOM_STEP = 1.6;
const WHEEL_SPEED = 0.005;

const ARROWS: Readonly<Record<string, { x: -1 | 0 | 1; y: -1 | 0 | 1 }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The points. They can be read with the pointer or the arrow keys, and the map can be zoomed and moved. */
export function MapCanvas({
  map,
  coloring,
  isShown,
  label,
}: {
  map: PoolMap;
  coloring: Coloring;
  isShown: (index: number) => boolean;
  label: string;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ x: number; y: number; view: View } | null>(null);
  const width = useWidth(frame);
  const height = Math.round(Math.max(320, Math.min(680, width * 0.62)));
  const theme = useTheme();
  const isPrinting = usePrinting();
  const [view, setView] = useState(FULL_VIEW);
  const [selected, setSelected] = useState(-1);
  const points = useMemo(() => toPixels(map, { width, height, margin: MARGIN }), [map, width, height]);
  const current = selected >= 0 && isShown(selected) ? selected : -1;

  useLayoutEffect(() => {
    const drawing = canvas.current;
    if (drawing === null || width === 0) return;
    const pixelRatio = Math.max(1, devicePixelRatio);
    drawing.width = Math.round(width * pixelRatio);
    drawing.height = Math.round(height * pixelRatio);
    const style = getComputedStyle(drawing);
    const colorOf = pointColors(coloring, theme, (name) => style.getPropertyValue(`--${name}`).trim());
    drawPoints(drawing, map, points, { view, pixelRatio, isShown, colorOf });
  }, [map, points, width, height, view, theme, coloring, isShown, isPrinting]);

  const zoom = (by: number, x = width / 2, y = height / 2) => setView(zoomed(view, by, x, y));
  const toMap = (x: number, y: number) => [(x - view.left) / view.scale, (y - view.top) / view.scale] as const;
  const onPoint = ({ offsetX, offsetY, pointerType }: PointerEvent) => {
    if (drag.current !== null) {
      const { x, y, view: from } = drag.current;
      setView({ ...from, left: from.left + offsetX - x, top: from.top + offsetY - y });
      return;
    }
    const reach = pointerType === 'touch' ? FINGER_REACH : REACH;
    setSelected(nearestPoint(points, isShown, ...toMap(offsetX, offsetY), reach / view.scale));
  };
  const onKey = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (direction !== undefined) {
      const next =
        current < 0
          ? nearestPoint(points, isShown, ...toMap(width / 2, height / 2), Number.POSITIVE_INFINITY)
          : nextPoint(points, isShown, current, direction);
      if (next >= 0) setSelected(next);
    } else if (event.key === '+' || event.key === '=') zoom(ZOOM_STEP);
    else if (event.key === '-') zoom(1 / ZOOM_STEP);
    else if (event.key === '0') setView(FULL_VIEW);
    else if (event.key === 'Escape') setSelected(-1);
    else return;
    event.preventDefault();
  };

  return (
    <div class="map" ref={frame}>
      <div
        class="map-frame"
        role="application"
        aria-roledescription="map"
        aria-label={label}
        aria-describedby="map-keys"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a drawing with keyboard control; no element has that role
        tabIndex={0}
        onKeyDown={onKey}
        onBlur={() => setSelected(-1)}
      >
        {isPrinting ? (
          <PrintedMap
            map={map}
            coloring={coloring}
            points={points}
            isShown={isShown}
            view={view}
            width={width}
            height={height}
          />
        ) : (
          <canvas
            ref={canvas}
            class={view.scale > 1 ? 'is-zoomed' : undefined}
            style={{ aspectRatio: `${width || 1} / ${height}` }}
            onPointerDown={(event) => {
              if (view.scale > 1) {
                event.currentTarget.setPointerCapture(event.pointerId);
                drag.current = { x: event.offsetX, y: event.offsetY, view };
              }
              onPoint(event);
            }}
            onPointerMove={onPoint}
            onPointerUp={() => {
              drag.current = null;
            }}
            onPointerCancel={() => {
              drag.current = null;
            }}
            onPointerLeave={({ pointerType }) => {
              // A finger leaves when it is lifted; the item it tapped stays open.
              if (pointerType !== 'touch') setSelected(-1);
            }}
            onDblClick={({ offsetX, offsetY }) => zoom(ZOOM_STEP * ZOOM_STEP, offsetX, offsetY)}
            onWheel={(event) => {
              // The wheel scrolls the page. A pinch arrives as a wheel event with Ctrl and zooms the map.
              if (!event.ctrlKey) return;
              event.preventDefault();
              zoom(Math.exp(-event.deltaY * WHEEL_SPEED), event.offsetX, event.offsetY);
            }}
          />
        )}
        {current < 0 ? null : (
          <PointCard
            map={map}
            index={current}
            x={points.x[current]! * view.scale + view.left}
            y={points.y[current]! * view.scale + view.top}
            width={width}
          />
        )}
      </div>
      <div class="map-tools screen-only">
        <button type="button" onClick={() => zoom(ZOOM_STEP)}>
          <span aria-hidden="true">+</span>
          <span class="hidden">Zoom in</span>
        </button>
        <button type="button" onClick={() => zoom(1 / ZOOM_STEP)} disabled={view.scale === 1}>
          <span aria-hidden="true">−</span>
          <span class="hidden">Zoom out</span>
        </button>
        <button type="button" onClick={() => setView(FULL_VIEW)} disabled={view.scale === 1}>
          Reset
        </button>
      </div>
      <p class="map-keys screen-only" id="map-keys">
        Point at an item or tap it to read it. The arrow keys move between items, + and − zoom, 0 resets the view.
      </p>
    </div>
  );
}
