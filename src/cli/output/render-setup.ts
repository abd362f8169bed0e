import { BRIDGES } from '../../labels/registry.ts';
import { colors } from './colors.ts';

/** How to label what was exported: in the browser if no tool is set up, and with the tool or file itself. */
export function renderSetup(tool: string, annotateLine: string): string {
  const { isPlain, setup } = BRIDGES.find(tool);
  const here = isPlain
    ? `Annotate in the browser: ${colors.bold(annotateLine)}. Or use a file or another tool:\n\n`
    : '';
  return `\n${here}${setup.trimEnd()}\n`;
}
