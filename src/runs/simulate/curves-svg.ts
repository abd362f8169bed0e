import { dot, type Markish, type PlotOptions, plot, ruleY, text } from '@observablehq/plot';
import { DOMImplementation, type Element, XMLSerializer } from '@xmldom/xmldom';
import { type ArmStyle, armStyles } from './arm-styles.ts';
import { compareArms } from './compare-arms.ts';
import { curvePanel, PANEL_HEIGHT } from './curve-panel.ts';
import type { SimulationResult } from './simulation-result.ts';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 20;
const WIDTH = 940;
const LEGEND_TOP = 72;
const LEGEND_ROW = 22;
const LONGEST_NAME = 48;
const TITLE = 'Learning curves by strategy';
const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif";
/** Characters that XML 1.0 cannot contain, and marks that change the direction of the text around them. */
const UNSAFE = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069\u200E\u200F]/gu;

/**
 * The learning curves as one self-contained SVG document without scripts: one chart for each metric that applies. Each
 * arm has a color and a symbol. The same result gives the same document.
 */
export function curvesSvg(unsafeResult: SimulationResult): string {
  const result = withSafeNames(unsafeResult);
  const { baseline, metrics } = compareArms(result);
  const names = result.arms.map(({ name }) => name);
  const shown = names.filter((name) => result.cells.some(({ arm }) => arm === name));
  const styles = new Map([...armStyles(names, baseline)].filter(([name]) => shown.includes(name)));
  const columns = metrics.length > 1 ? 2 : 1;
  const panelWidth = (WIDTH - 2 * MARGIN) / columns;
  const header = headerPlot(result, styles, metrics.length === 0);
  const height = header.height + Math.ceil(metrics.length / columns) * PANEL_HEIGHT + MARGIN;

  const document = new DOMImplementation().createDocument(SVG, 'svg', null);
  const root = document.documentElement!;
  const append = (name: string, attributes: Readonly<Record<string, string | number>>, content = '') => {
    const element = document.createElementNS(SVG, name);
    setAttributes(element, attributes);
    element.textContent = content;
    root.appendChild(element);
  };
  const appendPlot = (options: PlotOptions, x: number, y: number) => {
    const element = plot({ document, ...options });
    // Its style sheet is for pages.
    element.removeChild(element.getElementsByTagName('style')[0]);
    element.removeAttribute('class');
    setAttributes(element, { x, y, 'font-family': FONT, 'font-size': 12 });
    root.appendChild(element);
  };
  const size = { width: WIDTH, height };
  root.setAttributeNS('http://www.w3.org/2000/xmlns/', 'xmlns', SVG);
  setAttributes(root, { ...size, viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', color: '#222222' });
  append('title', {}, TITLE);
  append('desc', {}, `${describeResult(result)}. Arms: ${shown.join(', ')}.`);
  append('rect', { ...size, fill: '#ffffff' });
  appendPlot(header, 0, 0);
  for (const [index, metric] of metrics.entries()) {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const [x, y] = [MARGIN + column * panelWidth, header.height + row * PANEL_HEIGHT];
    appendPlot(curvePanel(metric, styles, panelWidth), x, y);
  }
  return `${new XMLSerializer().serializeToString(document)}\n`;
}

function setAttributes(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** Title, subtitle and legend. */
function headerPlot(
  result: SimulationResult,
  styles: ReadonlyMap<string, ArmStyle>,
  isEmpty: boolean,
): PlotOptions & { readonly height: number } {
  const { marks, rows } = legend(result, styles);
  const height = LEGEND_TOP + rows * LEGEND_ROW;
  return {
    width: WIDTH,
    height,
    margin: 0,
    axis: null,
    x: { type: 'identity' },
    y: { type: 'identity' },
    marks: [
      label(TITLE, MARGIN, 24, { fontSize: 18, fontWeight: 600 }),
      label(isEmpty ? 'There are no results to draw.' : describeResult(result), MARGIN, 46, { fill: '#555555' }),
      ...marks,
    ],
  };
}

function label(content: string, x: number, y: number, style: Readonly<Record<string, string | number>> = {}): Markish {
  return text([content], { x: [x], y: [y], textAnchor: 'start', ...style });
}

function describeResult({ seeds, data, trainer }: SimulationResult): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const means = seeds.length === 1 ? 'One seed, no intervals' : `Means over ${seeds.length} seeds with 95 % intervals`;
  return `${means} · ${count(data.pool)} instructions to choose from, ${count(data.heldOut)} held out · seed model: ${shorten(trainer)}`;
}

function legend(
  { arms }: SimulationResult,
  styles: ReadonlyMap<string, ArmStyle>,
): { readonly marks: Markish[]; readonly rows: number } {
  const sawResponses = new Set(arms.filter((arm) => arm.sawResponses).map(({ name }) => name));
  let [x, row] = [MARGIN, 0];
  const marks = [...styles].flatMap(([arm, { color, symbol, dash }]) => {
    const name = `${shorten(arm)}${sawResponses.has(arm) ? ' (saw the responses)' : ''}`;
    const entryWidth = 46 + textWidth(name);
    if (x > MARGIN && x + entryWidth > WIDTH - MARGIN) [x, row] = [MARGIN, row + 1];
    const [left, y] = [x, LEGEND_TOP + row * LEGEND_ROW];
    x += entryWidth;
    return [
      ruleY([y], { x1: [left], x2: [left + 26], stroke: color, strokeWidth: 2, strokeDasharray: dash }),
      dot([arm], { x: [left + 13], y: [y], symbol, r: 4, fill: color, title: (full: string) => full }),
      label(name, left + 32, y),
    ];
  });
  return { marks, rows: row + 1 };
}

function withSafeNames(result: SimulationResult): SimulationResult {
  const named = <Cell extends { readonly arm: string }>(cell: Cell) => ({ ...cell, arm: safeXmlText(cell.arm) });
  return {
    ...result,
    trainer: safeXmlText(result.trainer),
    arms: result.arms.map((arm) => ({ ...arm, name: safeXmlText(arm.name) })),
    cells: result.cells.map(named),
    missing: result.missing.map(named),
  };
}

/** The text without characters that XML cannot contain; serializing escapes the others. */
export function safeXmlText(content: string): string {
  return content.toWellFormed().replace(UNSAFE, '\uFFFD');
}

function shorten(name: string): string {
  const characters = [...name.toWellFormed()];
  return characters.length <= LONGEST_NAME ? name : `${characters.slice(0, LONGEST_NAME - 1).join('')}…`;
}

/** Estimated: the font is not known. East Asian characters are as wide as they are high. */
function textWidth(content: string): number {
  return [...content].reduce((sum, character) => sum + (character > '\u2E7F' ? 12.5 : 6.7), 0);
}
