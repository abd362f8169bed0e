/** What a thread of `largestRougeL` runs. */
import { parentPort, workerData } from 'node:worker_threads';
import type { RowRange } from '../engine/shards.ts';
import { RougeLNeighbours } from './rouge-l-neighbours.ts';
import type { TokenLists } from './token-lists.ts';

const { texts, others } = workerData as { readonly texts: TokenLists; readonly others: Int32Array };
const neighbours = new RougeLNeighbours(texts, others);
parentPort!.on('message', (shard: RowRange) => parentPort!.postMessage(neighbours.largestOf(shard)));
