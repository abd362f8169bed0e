import { type PlotOptions, plot } from '@observablehq/plot';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Column, FiguresTable } from './data-table.tsx';
import { type Series, SeriesLegend } from './series-legend.tsx';
import { usePrinting } from './use-media.ts';

export interface ChartProps<Row> {
  readonly title: string;
  /** What the chart shows, with its main figures. */
  readonly caption: string;
  /** Called again whenever the width changes. */
  readonly draw: (width: number) => PlotOptions;
  readonly series?: readonly Series[];
  /** The same figures as a table. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly children?: ComponentChildren;
}

/** A chart with its title and caption, and a table of its figures that can be opened. */
export function Chart<Row>({ title, caption, draw, series = [], columns, rows, children }: ChartProps<Row>) {
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <p>{caption}</p>
      </figcaption>
      {series.length > 1 ? <SeriesLegend series={series} /> : null}
      <Drawing label={`${title}. ${caption}`} draw={draw} />
      {children}
      <FiguresTable label={title} columns={columns} rows={rows} />
    </figure>
  );
}

/** Half a sheet. A chart drawn for a screen would shrink on paper, and its text too. */
const PRINTED_WIDTH = 340;
/** Selects the rules for charts in report.css. */
const CLASS = 'drawing';
const FONT_SIZE = '12px';

function Drawing({ label, draw }: { label: string; draw: (width: number) => PlotOptions }) {
  const host = useRef<HTMLDivElement>(null);
  const measured = useWidth(host);
  const isPrinting = usePrinting();
  const width = isPrinting ? PRINTED_WIDTH : measured;
  useLayoutEffect(() => {
    if (width === 0) return;
    const drawn = plot({ className: CLASS, width, style: { fontSize: FONT_SIZE }, ...draw(width) });
    // The content security policy blocks its style element; report.css has the same rules.
    drawn.querySelector('style')?.remove();
    // The host has the label; the drawing's own labels, such as "dot", do not help.
    drawn.setAttribute('aria-hidden', 'true');
    host.current?.replaceChildren(drawn);
  }, [width, draw]);
  return <div ref={host} class="drawing-host" role="img" aria-label={label} />;
}

/** Width of an element in whole pixels; 0 before layout. */
export function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const measure = () => setWidth(Math.floor(host.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
