import { readFileSync } from 'node:fs';
import type { ReceivedRequest } from '../support/provider-server.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';

/** gpt-4o-mini, in micro-dollars a token. */
const PRICE = { input: 0.15, output: 0.6 };

/** Arguments of a `winnow pick` that asks 8 queries, each `votes` times. */
export function pickArguments(
  folder: TemporaryFolder,
  url: string,
  {
    name,
    votes = 1,
    concurrency = 4,
  }: { readonly name: string; readonly votes?: number; readonly concurrency?: number },
  ...more: readonly string[]
): string[] {
  const { pool, embeddings } = writeTinyPool(folder, 80);
  return [
    ...['pick', pool, '--embeddings', embeddings, '-n', '16', '--per-query', '2', '--items-per-query', '10'],
    ...['--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${url}/v1`, '--votes', String(votes)],
    ...['--concurrency', String(concurrency), '--state', `${name}.db`, '-o', `${name}.jsonl`, '--yes', ...more],
  ];
}

interface Picked {
  readonly id: string;
  readonly winnow: { readonly rank: number; readonly reason: string };
}

/** What was chosen, without what it cost. */
export function picksOf(folder: TemporaryFolder, name: string): string[] {
  const lines = readFileSync(folder.file(`${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const { id, winnow } = JSON.parse(line) as Picked;
    return `${winnow.rank} ${id}: ${winnow.reason}`;
  });
}

/** The server's books: what a request costs that it answered with so many tokens. */
export function costMicroUsd(input: number, output: number): number {
  return Math.ceil(input * PRICE.input + output * PRICE.output);
}

export function promptTokens({ body }: ReceivedRequest): number {
  return Math.ceil(JSON.stringify(body).length / 4);
}
