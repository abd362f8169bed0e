import type { Writable } from 'node:stream';

/**
 * Writes texts to a stream at the stream's own pace, and leaves it open.
 * @throws what the stream reports: its reader went away (`EPIPE`), say
 */
export async function writeToStream(texts: Iterable<string>, stream: Writable): Promise<void> {
  // Every write reports its failure here; without a listener the stream would also throw it out of nowhere.
  // After a failure the listener stays, because the event comes after the report.
  const ignore = () => {};
  stream.on('error', ignore);
  for (const text of texts) await write(text, stream);
  stream.off('error', ignore);
}

function write(text: string, stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
