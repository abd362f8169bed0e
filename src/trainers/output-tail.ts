import { type FileHandle, open } from 'node:fs/promises';
import { parseBoundedJson } from '../domain/foreign-json.ts';
import { isJsonObject, type JsonObject } from '../domain/instruction.ts';
import { stripEscapes } from '../text/strip-escapes.ts';

/** As much of a log as is looked at: it may be gigabytes. */
const TAIL_BYTES = 2 ** 20;
const SHOWN_CHARACTERS = 300;

/**
 * The last lines of a program's output as they are, the last MiB of it at most. What a progress bar overwrote
 * counts as lines of its own. No file, no lines.
 */
export async function outputTail(path: string): Promise<string[]> {
  const file = await openIfThere(path);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split(/[\r\n]+/);
    // Cut somewhere.
    if (start > 0 && lines.length > 1) lines.shift();
    return lines;
  } finally {
    await file.close();
  }
}

/** The last line that is a JSON object. */
export function lastJsonObject(lines: readonly string[]): JsonObject | undefined {
  // What is JSON as it is must stay so; colours come from programs that take our file for a terminal.
  return lines.map((line) => parseObject(line.trim()) ?? parseObject(plainText(line))).findLast((value) => value);
}

/**
 * The last few lines for a message: without colours and control characters, each cut to a length that can be
 * read, blank ones left out.
 */
export function shownLines(lines: readonly string[], count: number): string {
  const legible = lines.map(plainText).filter((line) => line !== '');
  const shown = legible.slice(-count).map((line) => {
    const characters = [...line];
    return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join('')}…` : line;
  });
  return shown.map((line) => `  ${line}`).join('\n');
}

function parseObject(line: string): JsonObject | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = parseBoundedJson(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function plainText(line: string): string {
  return stripEscapes(line)
    .replace(/\t/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
