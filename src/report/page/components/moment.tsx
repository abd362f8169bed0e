const LOCAL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** A time in the reader's zone, or its day alone, with UTC on demand. @param at milliseconds since the epoch */
export function Moment({ at, isDay = false }: { at: number; isDay?: boolean }) {
  const utc = new Date(at).toISOString();
  return (
    <time class="moment" dateTime={utc} title={`${utc.slice(0, 16).replace('T', ' ')} UTC`}>
      {(isDay ? DAY : LOCAL).format(at)}
    </time>
  );
}
