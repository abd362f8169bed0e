import { ProviderError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { RequestTarget } from '../providers/request-target.ts';
import { ReplyTooLargeError } from './bounded-reply.ts';
import { shownText } from './shown-text.ts';

/** How `fetch` and its streams word a connection that broke, where they give no code. */
const BROKEN = /fetch failed|terminated|premature|socket|other side closed|aborted|network/i;
/** System error codes of a connection that never stood, so no request was received. */
export const NEVER_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|SSL/;

/** Describes a request that got no whole answer. */
export function connectionFailure(error: unknown, target: RequestTarget): ProviderError {
  const code = causeCode(error);
  const { service } = target;
  const excess = causesOf(error).find((cause) => cause instanceof ReplyTooLargeError);
  if (excess !== undefined) {
    return new ProviderError(
      `${service} ${excess.message}.`,
      { provider: target.provider, retryable: false, billing: 'unknown' },
      { hint: `Check the server at ${target.baseUrl}.` },
    );
  }
  if (code !== undefined && NEVER_CONNECTED.test(code)) {
    const unknownHost = code === 'ENOTFOUND';
    return new ProviderError(
      `${service} cannot be reached at ${target.baseUrl} (${code}).`,
      { provider: target.provider, retryable: !unknownHost && !/CERT|SSL/.test(code), billing: 'none' },
      {
        hint: unknownHost
          ? sentence`Check ${option('baseUrl')} and the network.`
          : `Is the server up at ${target.baseUrl}?`,
      },
    );
  }
  const refusal = refusedByFetch(error, target.baseUrl);
  if (refusal !== undefined) {
    return new ProviderError(
      `${service} cannot be asked at ${target.baseUrl}: ${refusal}.`,
      { provider: target.provider, retryable: false, billing: 'none' },
      { hint: sentence`Set ${option('baseUrl')} to another address of the server.` },
    );
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return timedOut(target, new DOMException(code, 'TimeoutError'));
  }
  if (code === undefined && !(error instanceof SyntaxError) && !BROKEN.test(causeMessages(error))) {
    return new ProviderError(`${service} could not be asked: ${shownText(causeMessages(error), target)}.`, {
      provider: target.provider,
      retryable: false,
      billing: 'unknown',
    });
  }
  const cut = error instanceof SyntaxError ? 'its answer is incomplete JSON' : (code ?? 'cut off');
  return new ProviderError(`The connection to ${service} was lost before its answer was complete (${cut}).`, {
    provider: target.provider,
    retryable: true,
    billing: 'unknown',
  });
}

export function timedOut(target: RequestTarget, cause: unknown): ProviderError {
  const seconds = (target.timeoutMs / 1_000).toLocaleString('en-US');
  return new ProviderError(
    `${target.service} did not answer within ${seconds} s.`,
    { provider: target.provider, retryable: true, billing: 'unknown' },
    { cause },
  );
}

/** Why `fetch` sent no request to an address, as the end of a sentence; undefined where that is not what happened. */
export function refusedByFetch(error: unknown, address: string): string | undefined {
  const messages = causesOf(error).map(({ message }) => message);
  // A port of another service, mail for example, by a list that browsers share.
  if (messages.includes('bad port')) return `fetch refuses port ${new URL(address).port}`;
  return messages.includes('unknown scheme') ? 'the address must start with http:// or https://' : undefined;
}

function causeMessages(error: unknown): string {
  return causesOf(error)
    .map(({ message }) => message)
    .join(': ');
}

/** The error and what caused it. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 6; at = at.cause) causes.push(at);
  return causes;
}

/** The system's error code (`ECONNRESET`), somewhere down the chain of causes. */
export function causeCode(error: unknown): string | undefined {
  return causesOf(error)
    .map((cause) => (cause as { code?: unknown }).code)
    .find(isNonEmptyString);
}

function isNonEmptyString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
