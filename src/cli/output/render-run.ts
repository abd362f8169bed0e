import { formatUsd } from '../../domain/money.ts';
import { type Spelling, spellWording, type Wording } from '../../domain/wording.ts';
import type { RunSummary } from '../../runs/run-summary.ts';
import { flagSpelling } from '../spelling.ts';
import { colors } from './colors.ts';
import { formatCount, formatDuration, plural } from './format.ts';
import { runMoney } from './money-lines.ts';
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
  const money: [string, string][] = [];
  const calls = spent.settledCalls + spent.lostCalls + spent.reservedCalls;
  const paid = spent.settledMicroUsd + spent.lostMicroUsd > 0 || (provider !== 'offline' && calls > 0);
  // Who asks a paid model is told that nothing was spent, too.
  if (paid || (provider !== null && provider !== 'offline')) {
    const tokens = `${formatCount(spent.inputTokens)} tokens in${spent.cachedInputTokens > 0 ? ` (${formatCount(spent.cachedInputTokens)} of them cached)` : ''}, ${formatCount(spent.outputTokens)} out`;
    if (spent.recountedCalls > 0) {
      pairs.push(['recounted', `${plural(spent.recountedCalls, 'call')}: ${RECOUNTED}`]);
    }
    const what = `${formatUsd(spent.settledMicroUsd)} for ${plural(spent.settledCalls, 'call')}, ${tokens}`;
    money.push(...runMoney(what, spent, caps));
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
  return [...pairs, ...money];
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
