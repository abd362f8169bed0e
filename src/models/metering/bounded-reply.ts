import { refuseDeepJson } from '../../domain/foreign-json.ts';

const MEBIBYTE = 2 ** 20;
/** Around the answer: identifiers, usage, headers of gateways. */
const BYTES_OF_FRAME = MEBIBYTE;
/** A token with twenty alternatives and their log-probabilities takes less. */
const BYTES_PER_TOKEN = 4096;
/** Of an echoed prompt, which has a token for each character at worst. */
const BYTES_PER_ECHOED_BYTE = 256;
/** Vectors, lists of files and jobs, records of annotation tools. */
const BYTES_WITHOUT_TOKENS = 256 * MEBIBYTE;

const MOST_TOKENS = /"max_(?:completion_)?tokens":\s*(\d{1,9})\b/;
const ECHO = /"echo":\s*true/;

/** A reply that is larger than any honest answer, or nested too deep to be parsed. The message is the end of a sentence. */
export class ReplyTooLargeError extends Error {}

/**
 * How large the reply to a request can be: by the output tokens it allows, generously.
 * Keys within texts are escaped in a body, so they are not mistaken for its own.
 */
export function mostReplyBytes(body: unknown): number {
  const text = typeof body === 'string' ? body : '';
  const tokens = MOST_TOKENS.exec(text)?.[1];
  if (tokens === undefined) return BYTES_WITHOUT_TOKENS;
  const echoed = ECHO.test(text) ? text.length * BYTES_PER_ECHOED_BYTE : 0;
  return BYTES_OF_FRAME + Number(tokens) * BYTES_PER_TOKEN + echoed;
}

/**
 * The text of a reply, decompressed. Reading ends where the limit is passed.
 * @throws ReplyTooLargeError
 */
export async function readBounded(response: Response, mostBytes = BYTES_WITHOUT_TOKENS): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new ReplyTooLargeError(
        `sent more than ${mostBytes.toLocaleString('en-US')} bytes, more than the answer can have`,
      );
    }
    chunks.push(chunk);
  }
  // As `response.text()` does, without a byte order mark.
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The same `fetch`, but replies are read at once and no larger than what was asked for can be. */
export function boundedFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const text = await readBounded(response, mostReplyBytes(init?.body));
    try {
      refuseDeepJson(text);
    } catch (error) {
      throw new ReplyTooLargeError(`sent an answer that cannot be read: ${(error as Error).message}`);
    }
    const headers = new Headers(response.headers);
    // The text is decompressed.
    for (const name of ['content-encoding', 'content-length']) headers.delete(name);
    const hasBody = response.status !== 204 && response.status !== 304;
    return new Response(hasBody ? text : null, { status: response.status, statusText: response.statusText, headers });
  };
}
