import { symbol } from 'd3-shape';
import { type ArmStyle, armStyles } from './arm-styles.ts';
import { compareArms } from './compare-arms.ts';
import { curvePanel, PANEL_HEIGHT } from './curve-panel.ts';
import type { SimulationResult } from './simulation-result.ts';
import { element, escapeXml, textElement } from './svg-markup.ts';

const MARGIN = 20;
const WIDTH = 940;
const HEADER = 62;
const LEGEND_ROW = 22;
const LONGEST_NAME = 48;
const INK = '#222222';
const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif";

/**
 * The learning curves as one SVG document: a panel per metric that applies, in the colors of Okabe and Ito and
 * with a marker per arm. It needs nothing from outside, holds no script, and brings its own white ground.
 * @param result with at least one cell; without any the panels are missing and that is said
 */
export function curvesSvg(result: SimulationResult): string {
  const { baseline, metrics } = compareArms(result);
  const names = result.arms.map(({ name }) => name);
  const shown = names.filter((name) => result.cells.some(({ arm }) => arm === name));
  const styles = new Map([...armStyles(names, baseline)].filter(([name]) => shown.includes(name)));
  const columns = metrics.length > 1 ? 2 : 1;
  const panelWidth = (WIDTH - 2 * MARGIN) / columns;
  const legend = legendRows(result, styles);
  const top = HEADER + legend.rows * LEGEND_ROW + 10;
  const height = top + Math.max(1, Math.ceil(metrics.length / columns)) * PANEL_HEIGHT + MARGIN;
  const title = 'Learning curves: what each strategy makes of its labels';
  const panels = metrics.map((metric, index) => {
    const at = [MARGIN + (index % columns) * panelWidth, top + Math.floor(index / columns) * PANEL_HEIGHT];
    const place = { id: `panel-${index}`, width: panelWidth };
    return element('g', { transform: `translate(${at.join(' ')})` }, curvePanel(metric, styles, place));
  });
  const nothing = textElement('No cell could be made.', { x: MARGIN, y: top + 20, fill: INK });
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height,
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: 'img',
      'font-family': FONT,
      'font-size': 12,
    },
    element('title', {}, escapeXml(title)),
    element('desc', {}, escapeXml(`${describe(result)}. Arms: ${shown.join(', ')}.`)),
    element('rect', { width: WIDTH, height, fill: '#FFFFFF' }),
    textElement(title, { x: MARGIN, y: 30, 'font-size': 18, 'font-weight': 600, fill: INK }),
    textElement(describe(result), { x: MARGIN, y: 50, fill: '#555555' }),
    ...legend.markup,
    ...(panels.length > 0 ? panels : [nothing]),
  )}\n`;
}

function describe({ seeds, data, trainer }: SimulationResult): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const over = seeds.length === 1 ? 'One seed, no intervals' : `Means over ${seeds.length} seeds with 95 % intervals`;
  return `${over} · ${count(data.pool)} instructions to choose from, ${count(data.heldOut)} held out · seed model: ${shorten(trainer)}`;
}

function legendRows({ arms }: SimulationResult, styles: ReadonlyMap<string, ArmStyle>) {
  const sawResponses = new Set(arms.filter((arm) => arm.sawResponses).map(({ name }) => name));
  let [x, row] = [0, 0];
  const markup = [...styles].map(([arm, style]) => {
    const label = `${shorten(arm)}${sawResponses.has(arm) ? ' (saw the responses)' : ''}`;
    const entryWidth = 46 + textWidth(label);
    if (x > 0 && x + entryWidth > WIDTH - 2 * MARGIN) [x, row] = [0, row + 1];
    const at = `translate(${MARGIN + x} ${HEADER + row * LEGEND_ROW})`;
    x += entryWidth;
    return legendEntry(arm, label, style, at);
  });
  return { markup, rows: row + 1 };
}

function legendEntry(arm: string, label: string, { color, marker, dashes }: ArmStyle, transform: string): string {
  return element(
    'g',
    { transform },
    element('title', {}, escapeXml(arm)),
    element('path', { d: 'M0 10h26', stroke: color, 'stroke-width': 2, 'stroke-dasharray': dashes }),
    element('path', { d: symbol(marker, 52).digits(2)() ?? '', transform: 'translate(13 10)', fill: color }),
    textElement(label, { x: 32, y: 14, fill: INK }),
  );
}

function shorten(name: string): string {
  const characters = [...name.toWellFormed()];
  return characters.length <= LONGEST_NAME ? name : `${characters.slice(0, LONGEST_NAME - 1).join('')}…`;
}

/** About: which font there will be nobody knows. East Asian characters are as wide as they are high. */
function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + (character > '\u2E7F' ? 12.5 : 6.7), 0);
}
