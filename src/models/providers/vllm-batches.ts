import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PRIVATE_FOLDER } from '../../domain/file-permissions.ts';
import { writeFileAtomically } from '../../records/write-file-atomically.ts';
import type { BatchApi, BatchTerms } from './batch-api.ts';
import { BATCH_ENDPOINT, POSTED, readResultLines, requestLines, requestWriter } from './batch-files.ts';
import type { BatchWire } from './batch-results.ts';
import type { Negotiation } from './negotiation.ts';
import type { OpenAiApi } from './openai-api.ts';

/** Of the shell: what needs no quotes. */
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/**
 * Batches for `vllm run-batch`, which needs no server: a file of requests, and beside it the file of results that the
 * command writes line by line. The id of a batch is the path of its requests. It has ended when each of them has a result,
 * or when the file of requests was removed: then the results that are there count.
 * Source: https://docs.vllm.ai/en/latest/examples/offline_inference/openai_batch/
 */
export function vllmBatches(folder: string) {
  return (
    { target }: Pick<OpenAiApi, 'target'>,
    terms: BatchTerms,
    negotiation: Negotiation,
    wire: BatchWire,
  ): BatchApi => {
    const pathOf = (key: string) => join(resolve(folder), `winnow-${key}.jsonl`);
    const resultsIn = async (path: string) => [
      ...readResultLines((await textOf(resultsPath(path))) ?? '', { ...wire, target }),
    ];
    return {
      ...requestWriter(terms, negotiation, wire),
      get dialect() {
        return JSON.stringify(negotiation.dialect);
      },
      create: async (key, requests, onCreate) => {
        const path = pathOf(key);
        await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
        onCreate();
        await writeFileAtomically(path, requestLines(requests, `${POSTED}"url":"${BATCH_ENDPOINT}",`).join(''), {
          isPrivate: true,
        });
        return path;
      },
      find: async (key) => {
        const path = pathOf(key);
        return (await textOf(path)) === undefined ? { state: 'none' } : { state: 'found', remoteId: path };
      },
      look: async (path) => {
        const [requests, results] = [await textOf(path), await resultsIn(path)];
        const done = new Set(results.map(({ customId }) => customId)).size;
        const total = requests === undefined ? done : requests.split('\n').length - 1;
        const answered = results.filter((result) => 'reply' in result).length;
        return { ended: done >= total, total, done, answered };
      },
      results: resultsIn,
      byHand: (path) =>
        ['vllm', 'run-batch', '-i', path, '-o', resultsPath(path), '--model', target.model].map(quoted).join(' '),
    };
  };
}

function resultsPath(path: string): string {
  return join(dirname(path), `${basename(path, '.jsonl')}.results.jsonl`);
}

/** Undefined where there is no such file. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function quoted(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
