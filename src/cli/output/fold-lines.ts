import { stripEscapes } from '../../text/strip-escapes.ts';
import { textWidth } from './text-width.ts';

/** "round 1  ", "  response-quality  ", "1. ": what a line goes on beneath, not under; a rule on the left goes on itself. */
const MARGIN = /^(?: *│ | *(?:[a-z≥][\w .-]{0,19} {2}|\d\. ?)| +)(?=\S)/i;
/** A margin that leaves less than this for text is none. */
const NARROWEST = 20;

/**
 * Breaks lines between words, so that none is longer than the terminal is wide; the rest of a line goes on where its
 * text began. A word that is longer than the width stays whole. Colors count for nothing.
 * No library does this: wrap-ansi has no hanging indent and repeats color codes on every line.
 */
export function foldLines(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (textWidth(line) <= width ? line : foldLine(line, width)))
    .join('\n');
}

function foldLine(line: string, width: number): string {
  const [margin = ''] = MARGIN.exec(stripEscapes(line)) ?? [];
  const indent = margin.length > width - NARROWEST ? '' : margin.replace(/[^│]/g, ' ');
  const folded: string[] = [];
  let current: string | undefined;
  for (const word of line.split(' ')) {
    const longer: string = current === undefined ? word : `${current} ${word}`;
    const isMargin = textWidth(longer) <= margin.length;
    if (current === undefined || isMargin || textWidth(longer) <= width) current = longer;
    else {
      folded.push(current);
      current = `${indent}${word}`;
    }
  }
  return [...folded, current].join('\n');
}
