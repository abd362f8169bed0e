import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PoolMap } from '../../pool-figures.ts';
import { useWidth } from '../components/chart.tsx';
import { usePrinting } from '../components/use-printing.ts';
import type { Coloring } from './coloring.ts';
import { drawPoints } from './draw-points.ts';
import { PaperMap } from './paper-map.tsx';
import { PointCard } from './point-card.tsx';
import { pointColors } from './point-colors.ts';
import { useTheme } from './use-theme.ts';
import { nearestPoint, nextPoint, placed, type View, WHOLE, zoomed } from './view.ts';

const MARGIN = 14;
const REACH = 16;
/** Fingers are not so exact. */
const FINGER_REACH = 26;
const STEP = 1.6;
const WHEEL = 0.005;

const ARROWS: Readonly<Record<string, { x: -1 | 0 | 1; y: -1 | 0 | 1 }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The points themselves: drawn, read by pointing or by the arrow keys, and looked at from nearer. */
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
  const [view, setView] = useState(WHOLE);
  const [read, setRead] = useState(-1);
  const points = useMemo(() => placed(map, { width, height, margin: MARGIN }), [map, width, height]);
  const shownRead = read >= 0 && isShown(read) ? read : -1;

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
    setRead(nearestPoint(points, isShown, ...toMap(offsetX, offsetY), reach / view.scale));
  };
  const onKey = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (direction !== undefined) {
      const next =
        shownRead < 0
          ? nearestPoint(points, isShown, ...toMap(width / 2, height / 2), Number.POSITIVE_INFINITY)
          : nextPoint(points, isShown, shownRead, direction);
      if (next >= 0) setRead(next);
    } else if (event.key === '+' || event.key === '=') zoom(STEP);
    else if (event.key === '-') zoom(1 / STEP);
    else if (event.key === '0') setView(WHOLE);
    else if (event.key === 'Escape') setRead(-1);
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
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a drawing that answers to keys, which no element is
        tabIndex={0}
        onKeyDown={onKey}
        onBlur={() => setRead(-1)}
      >
        {isPrinting ? (
          <PaperMap
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
            class={view.scale > 1 ? 'is-near' : undefined}
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
              // A finger leaves whenever it is lifted; what it tapped stays to be read.
              if (pointerType !== 'touch') setRead(-1);
            }}
            onDblClick={({ offsetX, offsetY }) => zoom(STEP * STEP, offsetX, offsetY)}
            onWheel={(event) => {
              // The page scrolls; a pinch, which comes as a wheel with Ctrl, is meant for the map.
              if (!event.ctrlKey) return;
              event.preventDefault();
              zoom(Math.exp(-event.deltaY * WHEEL), event.offsetX, event.offsetY);
            }}
          />
        )}
        {shownRead < 0 ? null : (
          <PointCard
            map={map}
            index={shownRead}
            x={points.x[shownRead]! * view.scale + view.left}
            y={points.y[shownRead]! * view.scale + view.top}
            width={width}
          />
        )}
      </div>
      <div class="map-tools screen-only">
        <button type="button" onClick={() => zoom(STEP)}>
          <span aria-hidden="true">+</span>
          <span class="hidden">Nearer</span>
        </button>
        <button type="button" onClick={() => zoom(1 / STEP)} disabled={view.scale === 1}>
          <span aria-hidden="true">−</span>
          <span class="hidden">Farther</span>
        </button>
        <button type="button" onClick={() => setView(WHOLE)} disabled={view.scale === 1}>
          Whole
        </button>
      </div>
      <p class="map-keys screen-only" id="map-keys">
        Point at an item or tap it to read it, or go from one to the next with the arrow keys; + and − come nearer and
        go farther.
      </p>
    </div>
  );
}
