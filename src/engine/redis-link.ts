import { Redis } from 'ioredis';
import { EngineError } from '../domain/errors.ts';
import { option, sentence } from '../domain/wording.ts';
import { shownAddress } from './engine-address.ts';

/** Before every key in Redis, so that one server can be shared. */
export const KEY_PREFIX = 'winnow';
const LONGEST_WAIT_MS = 2_000;

/**
 * Connects, and checks that the server drops nothing when it is full. A connection lost later is made again, for as
 * long as it takes.
 * @throws EngineError when the server does not answer or may drop jobs
 */
export async function connectRedis(address: string): Promise<Redis> {
  let isConnected = false;
  let lastError: Error | undefined;
  const redis = new Redis(address, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isConnected ? Math.min(100 * times, LONGEST_WAIT_MS) : null),
  });
  redis.on('error', (error: Error) => {
    lastError = error;
  });
  try {
    await redis.connect();
    isConnected = true;
    const memory = await redis.info('memory');
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'noeviction';
    if (policy !== 'noeviction') throw dropping(address, policy);
    return redis;
  } catch (error) {
    redis.disconnect();
    if (error instanceof EngineError) throw error;
    const reason = (lastError ?? (error as Error)).message.replace(/\.$/, '');
    throw new EngineError(`Redis at ${shownAddress(address)} cannot be used: ${reason}.`, {
      hint: sentence`Check ${option('engine')}, that the server runs, and its password in WINNOW_ENGINE_PASSWORD.`,
      cause: error,
    });
  }
}

function dropping(address: string, policy: string): EngineError {
  return new EngineError(
    `Redis at ${shownAddress(address)} may drop jobs when its memory is full: its maxmemory-policy is ${policy}.`,
    { hint: 'Set it to noeviction: redis-cli config set maxmemory-policy noeviction.' },
  );
}
