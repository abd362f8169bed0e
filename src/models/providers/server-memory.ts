import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../domain/clock.ts';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../../domain/file-permissions.ts';
import { parseBoundedJson } from '../../domain/foreign-json.ts';
import type { ServedModelName } from '../../domain/ledger.ts';

const dialectSchema = z.object({
  formats: z.array(z.enum(['json_schema', 'json_object', 'none'])).nonempty(),
  bounds: z.boolean().optional(),
  outputLimits: z.array(z.enum(['max_completion_tokens', 'max_tokens'])).nonempty(),
  temperature: z.boolean(),
  topLogprobs: z.array(z.number()),
});

const notesSchema = z.object({
  /** How it takes requests, and from which dialect that was found: another version of winnow may begin with another. */
  dialect: z.object({ first: dialectSchema, taken: dialectSchema }).optional(),
  /** What its /embeddings takes; null is no limit. */
  embedding: z.object({ mostTexts: z.number().positive().nullable(), mostTokens: z.number().positive() }).optional(),
  /** What was found by asking it once: see `winnow models`. */
  tried: z.object({ structured: z.boolean(), logprobs: z.boolean() }).optional(),
});
/** What was found out of a model on a server. */
export type ServerNotes = z.infer<typeof notesSchema>;

const fileSchema = notesSchema.extend({ keptAtMs: z.number() });

/** Keeps what was found out of servers from one run to the next. Nothing depends on it: what is forgotten is found again. */
export interface ServerMemory {
  recall(served: ServedModelName): ServerNotes;
  /** Adds to what is kept. */
  keep(served: ServedModelName, notes: ServerNotes): void;
  forget(served: ServedModelName): void;
}

/** Servers are updated: what they refused a month ago they may take now. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** A memory in files of a folder, one for each model on each server. What cannot be read or written is left out. */
export function serverMemory(cacheFolder: string, clock: Pick<Clock, 'now'>): ServerMemory {
  const folder = join(cacheFolder, 'servers');
  const pathOf = ({ provider, endpoint, model }: ServedModelName) => {
    const hash = createHash('sha256')
      .update(JSON.stringify([provider, endpoint, model]))
      .digest('hex');
    return join(folder, `${hash.slice(0, 24)}.json`);
  };
  const recall = (served: ServedModelName): ServerNotes => {
    try {
      const { keptAtMs, ...notes } = fileSchema.parse(parseBoundedJson(readFileSync(pathOf(served), 'utf8')));
      return clock.now() - keptAtMs > KEPT_MS ? {} : notes;
    } catch {
      return {};
    }
  };
  return {
    recall,
    keep: (served, notes) => {
      const path = pathOf(served);
      const content = JSON.stringify({ ...served, ...recall(served), ...notes, keptAtMs: clock.now() });
      const whole = `${path}.${randomUUID()}`;
      try {
        mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
        writeFileSync(whole, content, { mode: PRIVATE_FILE });
        renameSync(whole, path);
      } catch {
        // It is found out again.
      }
    },
    forget: (served) => rmSync(pathOf(served), { force: true }),
  };
}
