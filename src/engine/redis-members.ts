import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parseForeignJson } from '../domain/foreign-json.ts';
import { KEY_PREFIX } from './redis-link.ts';

/** How often a process says that it is there. */
export const HEARTBEAT_MS = 3_000;
/** One that has said nothing for so long is gone. */
const GONE_AFTER_MS = 15_000;

const member = z.object({
  id: z.string(),
  role: z.enum(['worker', 'coordinator']),
  host: z.string(),
  version: z.string(),
  /** Shards at once, of a worker. */
  concurrency: z.number(),
  busy: z.number(),
  done: z.number(),
  failed: z.number(),
  /** Why it does no work: other weights, another version. */
  refused: z.string().optional(),
});

/** A worker or a coordinator, as it describes itself. */
export type EngineMember = z.infer<typeof member>;

const entry = z.object({ seenAt: z.number(), member });
const KEY = `${KEY_PREFIX}:members`;

/** Times are those of the server: clocks of machines differ. */
async function serverTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}

export async function announceMember(redis: Redis, described: EngineMember): Promise<void> {
  await redis.hset(KEY, described.id, JSON.stringify({ seenAt: await serverTime(redis), member: described }));
}

export async function removeMember(redis: Redis, id: string): Promise<void> {
  await redis.hdel(KEY, id);
}

/** Who has been heard of lately, by id. Those that are gone are forgotten. */
export async function listMembers(redis: Redis): Promise<EngineMember[]> {
  const now = await serverTime(redis);
  const members: EngineMember[] = [];
  for (const [id, text] of Object.entries(await redis.hgetall(KEY))) {
    const parsed = entry.safeParse(parseForeignJson(text));
    if (parsed.success && now - parsed.data.seenAt <= GONE_AFTER_MS) members.push(parsed.data.member);
    else await redis.hdel(KEY, id);
  }
  return members.sort((a, b) => (a.id < b.id ? -1 : 1));
}
