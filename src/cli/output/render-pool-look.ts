import { colors } from './colors.ts';
import { formatCount, plural } from './format.ts';
import { safeLine } from './safe-text.ts';

/** What was found where a new campaign looks for its pool. */
export interface PoolLook {
  readonly files: readonly string[];
  readonly records: number;
  /** Different ones. */
  readonly instructions: number;
  readonly badRecords: number;
  /** Where the first of them is, and what is wrong with it. */
  readonly firstBad: string | null;
  /** Role → name of the field. Without one for the instruction they are conversations. */
  readonly fields: Readonly<Record<string, string>>;
  /** Why it cannot be read. */
  readonly problem: string | null;
}

const LONGEST_NAME = 60;
const LONGEST_CAUSE = 300;

export function renderPoolLook({
  files,
  records,
  instructions,
  badRecords,
  firstBad,
  fields,
  problem,
}: PoolLook): string {
  const warning = `  ${colors.yellow('warning')}  `;
  if (problem !== null) {
    return (
      `${warning}The pool cannot be read yet. ${safeLine(problem, LONGEST_CAUSE)}\n` +
      '           Fix pool.files in winnow.yaml, or name the fields under pool.fields.\n'
    );
  }
  const names = files.map((file) => safeLine(file, LONGEST_NAME)).join(', ');
  const roles = Object.entries(fields).map(([role, name]) =>
    role === name ? role : `${role} ("${safeLine(name, LONGEST_NAME)}")`,
  );
  const found = fields.instruction === undefined ? ['conversations', ...roles] : roles;
  const bad =
    badRecords === 0
      ? ''
      : `${warning}${plural(badRecords, 'record')} cannot be read. The first: ${safeLine(firstBad ?? '', LONGEST_CAUSE)}\n` +
        '           Fix them, or set pool.skipBadLines: true in winnow.yaml.\n';
  return `  pool    ${names}: ${plural(records, 'record')}, ${formatCount(instructions)} different\n  fields  ${found.join(', ')}\n${bad}`;
}
