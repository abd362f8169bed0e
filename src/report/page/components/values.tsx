import { formatUsdExactly, type MicroUsd } from '../../../domain/money.ts';
import { dollars } from './format.ts';

/** A rounded amount; the tooltip shows it to the micro-dollar. Null → a dash. */
export function Money({ amount }: { amount: MicroUsd | null }) {
  const brief = dollars(amount);
  const exact = amount === null ? brief : formatUsdExactly(amount);
  return <span title={exact === brief ? undefined : exact}>{brief}</span>;
}

const LOCAL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** A time or a day in the reader's time zone; the tooltip shows it in UTC. @param at milliseconds since the epoch */
export function Timestamp({ at, isDay = false }: { at: number; isDay?: boolean }) {
  const utc = new Date(at).toISOString();
  return (
    <time class="timestamp" dateTime={utc} title={`${utc.slice(0, 16).replace('T', ' ')} UTC`}>
      {(isDay ? DAY : LOCAL).format(at)}
    </time>
  );
}
