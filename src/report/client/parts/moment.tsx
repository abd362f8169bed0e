const LOCAL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A time in the reader's zone, with UTC on demand. @param at milliseconds since the epoch */
export function Moment({ at }: { at: number }) {
  const utc = new Date(at).toISOString();
  return (
    <time dateTime={utc} title={`${utc.slice(0, 16).replace('T', ' ')} UTC`}>
      {LOCAL.format(at)}
    </time>
  );
}
