import { ERROR_CODES } from './error-codes.ts';

/** Every error code with its meaning and its fix, as a Markdown table. */
export function errorReference(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, { means, fix }]) => `| \`${code}\` | ${means} | ${fix} |`);
  return ['| code | what happened | what to do |', '|---|---|---|', ...rows].map((line) => `${line}\n`).join('');
}
