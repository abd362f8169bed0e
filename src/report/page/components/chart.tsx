import { type PlotOptions, plot } from '@observablehq/plot';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Column, FiguresTable } from './data-table.tsx';
import type { Series } from './series.ts';
import { SeriesLegend } from './series-legend.tsx';
import { usePrinting } from './use-printing.ts';

export interface ChartProps<Row> {
  readonly title: string;
  /** What it shows, with the figures in it, in one sentence. */
  readonly says: string;
  /** Drawn anew for every width. */
  readonly draw: (width: number) => PlotOptions;
  readonly series?: readonly Series[];
  /** The same figures for those who do not see the drawing. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly children?: ComponentChildren;
}

/** A drawing with its title, the sentence that says what it shows, and its figures on demand. */
export function Chart<Row>({ title, says, draw, series = [], columns, rows, children }: ChartProps<Row>) {
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <p>{says}</p>
      </figcaption>
      {series.length > 1 ? <SeriesLegend series={series} /> : null}
      <Drawing label={`${title}. ${says}`} draw={draw} />
      {children}
      <FiguresTable label={title} columns={columns} rows={rows} />
    </figure>
  );
}

/** Of half a sheet: what is drawn for a screen would shrink there, and its letters with it. */
const WIDTH_ON_PAPER = 340;
/** Names the rules that report.css has for drawings. */
const CLASS = 'drawing';
const FONT_SIZE = '12px';

function Drawing({ label, draw }: { label: string; draw: (width: number) => PlotOptions }) {
  const host = useRef<HTMLDivElement>(null);
  const measured = useWidth(host);
  const isPrinting = usePrinting();
  const width = isPrinting ? WIDTH_ON_PAPER : measured;
  useLayoutEffect(() => {
    if (width === 0) return;
    const drawn = plot({ className: CLASS, width, style: { fontSize: FONT_SIZE }, ...draw(width) });
    // Its own style element would offend the content security policy: report.css has the same rules.
    drawn.querySelector('style')?.remove();
    // The words are the element's around it; its own, such as "dot", say nothing.
    drawn.setAttribute('aria-hidden', 'true');
    host.current?.replaceChildren(drawn);
  }, [width, draw]);
  return <div ref={host} class="drawing-host" role="img" aria-label={label} />;
}

/** Width of an element in whole pixels; 0 until it is laid out. */
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
