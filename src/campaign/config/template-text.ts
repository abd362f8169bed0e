import { stringify } from 'yaml';
import { type MicroUsd, usdNumber } from '../../domain/money.ts';
import type { ModelPrice } from '../../domain/usage.ts';

/** Names as lines of YAML comments. @param width most characters of names in a line */
export function commentLines(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && `${last}, ${name}`.length <= width) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines
    .join(',\n')
    .split('\n')
    .map((line) => `# ${line}`);
}

/** Lines as one text, each after so many spaces. */
export function indented(spaces: number, lines: readonly string[]): string {
  return lines.map((line) => `${' '.repeat(spaces)}${line}`).join('\n');
}

/** A price as a YAML object, in dollars per million tokens. */
export function priceText({ input, output, cachedInput }: ModelPrice): string {
  const cached = cachedInput === input ? '' : `, cachedInput: ${dollars(cachedInput)}`;
  return `{ input: ${dollars(input)}, output: ${dollars(output)}${cached} }`;
}

/** As few decimals as the amount has, but two of them, as people write money. */
export function dollars(amount: MicroUsd): string {
  const [whole, fraction = ''] = String(usdNumber(amount)).split('.');
  return fraction === '' ? whole! : `${whole}.${fraction.padEnd(2, '0')}`;
}

/** A text on one line, quoted where YAML needs it. */
export function scalar(text: string): string {
  // The parser trims more kinds of space than the writer quotes, such as a no-break space.
  const defaultStringType = text === text.trim() ? 'PLAIN' : 'QUOTE_DOUBLE';
  return stringify(text, { lineWidth: 0, blockQuote: false, version: '1.2', defaultStringType }).trimEnd();
}
