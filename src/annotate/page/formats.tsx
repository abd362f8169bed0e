/** A moment in the reader's own time zone. Its tooltip shows the exact time. */
export function Moment({ atMs }: { readonly atMs: number | null }) {
  if (atMs === null) return <>–</>;
  const moment = new Date(atMs);
  return (
    <time dateTime={moment.toISOString()} title={moment.toISOString()}>
      {moment.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
    </time>
  );
}

export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** @param hours of work */
export function duration(hours: number): string {
  const minutes = Math.max(1, Math.round(hours * 60));
  if (minutes < 90) return `${minutes} min`;
  return hours < 9.95 ? `${hours.toFixed(1)} h` : `${count(Math.round(hours))} h`;
}

/** @param seconds spent on one item */
export function itemDuration(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : duration(seconds / 3600);
}

/** @param share 0–1 */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
