import { formatUsd, formatUsdExactly } from '../../domain/money.ts';
import { type Spelling, spellWording, type Wording } from '../../domain/wording.ts';
import type { RunSummary } from '../../runs/run-summary.ts';
import { flagSpelling } from '../spelling.ts';
import { colors } from './colors.ts';
import { formatCount, formatDuration, plural } from './format.ts';
import { safeBlock, safeLine, safeName } from './safe-text.ts';

/** Why a call costs more than its server says. */
export const RECOUNTED = 'the server gave no valid token counts, or lower ones than winnow counted itself';

/** What the summaries of all runs say. */
export interface RunEnd extends RunSummary {
  readonly provider: string | null;
  readonly pool: { readonly badRecords: number };
}

/** What a run took: money, tries, time, and where its state is. */
export function runPairs({ provider, spent, caps, retries, elapsedMs, state, resumed }: RunEnd): [string, string][] {
  const pairs: [string, string][] = [];
  const paid = spent.settledMicroUsd + spent.lostMicroUsd > 0 || provider !== 'offline';
  if (paid && spent.settledCalls + spent.lostCalls + spent.reservedCalls > 0) {
    const tokens = `${formatCount(spent.inputTokens)} tokens in, ${formatCount(spent.outputTokens)} out`;
    pairs.push(['spent', `${formatUsd(spent.settledMicroUsd)} for ${plural(spent.settledCalls, 'call')}, ${tokens}`]);
    if (spent.recountedCalls > 0) {
      pairs.push(['recounted', `${plural(spent.recountedCalls, 'call')}: ${RECOUNTED}`]);
    }
    pairs.push(['set aside', setAside(spent)], ['left', left(spent, caps)]);
  }
  const again = retries.rateLimited + retries.serverErrors + retries.timeouts + retries.connections;
  if (again > 0) {
    const reasons = [
      [retries.rateLimited, 'rate limits'],
      [retries.serverErrors, 'server errors'],
      [retries.timeouts, 'timeouts'],
      [retries.connections, 'dropped connections'],
    ] as const;
    const why = reasons.filter(([count]) => count > 0).map(([count, reason]) => `${count} ${reason}`);
    pairs.push(['retries', `${formatCount(again)} (${why.join(', ')})`]);
  }
  pairs.push(['time', formatDuration(elapsedMs)], ['state', state + (resumed ? ' (continued)' : '')]);
  return pairs;
}

/** What is held back, why and until when. */
function setAside({ lostCalls, lostMicroUsd, reservedCalls, reservedMicroUsd }: RunEnd['spent']): string {
  const parts: string[] = [];
  if (reservedCalls > 0) {
    parts.push(
      `${formatUsd(reservedMicroUsd)} for ${plural(reservedCalls, 'call')} in batches, until they are answered`,
    );
  }
  if (lostCalls > 0) {
    const calls = `${plural(lostCalls, 'call')} may have been billed without an answer`;
    parts.push(`${formatUsd(lostMicroUsd)}: ${calls}; it counts as spent from now on`);
  }
  return parts.length === 0 ? 'nothing' : parts.join('; ');
}

/** What is left must not be rounded up. */
function left(
  { settledMicroUsd, lostMicroUsd, reservedMicroUsd }: RunEnd['spent'],
  { maxMicroUsd }: RunEnd['caps'],
): string {
  if (maxMicroUsd === undefined) return 'no cap, set one with --max-usd';
  const rest = Math.max(0, maxMicroUsd - settledMicroUsd - lostMicroUsd - reservedMicroUsd);
  return `${formatUsdExactly(rest)} of ${formatUsdExactly(maxMicroUsd)}`;
}

/** The first records that were left out. */
export function badRecordLines({ badRecords, pool }: RunEnd): string[] {
  if (badRecords.length === 0) return [];
  const places = badRecords.map(({ file, line, cause }) => `    ${safeName(file)}:${line}: ${safeLine(cause, 100)}`);
  return [
    `  ${colors.yellow('skipped')}  ${plural(pool.badRecords, 'bad record')}:`,
    ...places,
    ...(pool.badRecords > badRecords.length ? ['    …'] : []),
  ];
}

/** What stopped a run before its end, and what to do about it. */
export function stoppedLines({ stoppedBy }: RunEnd): string[] {
  if (!stoppedBy) return [];
  const { message, hint } = stoppedBy;
  const shown = (wording: Wording) => spellWording(wording, flagSpelling);
  return [
    `  ${colors.yellow('stopped')}  ${safeBlock(shown(message))}${hint ? `\n           ${safeBlock(shown(hint))}` : ''}`,
  ];
}

const LONGEST_NOTE = 1_000;

/** Notes about a run, a line each. */
export function noteLines(notes: readonly Wording[], spelling: Spelling = flagSpelling): string[] {
  return notes.map((note) => `  ${colors.yellow('note')}  ${safeLine(spellWording(note, spelling), LONGEST_NOTE)}`);
}
