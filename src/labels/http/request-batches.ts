import type { LabelTask } from '../../domain/label.ts';

/** A task as a server is sent it, and the key by which it is found there again. */
export interface KeyedRecord {
  readonly key: string;
  readonly body: object;
}

/** Servers and the proxies before them refuse or choke on bigger requests. */
const MOST_BATCH_CHARACTERS = 10_000_000;

/** The records of tasks in order, one for each id. Keys are ids as JSON in UTF-8 can hold them. */
export function keyedRecords(tasks: readonly LabelTask[], encode: (task: LabelTask) => object): KeyedRecord[] {
  const byKey = new Map<string, KeyedRecord>();
  for (const task of tasks) {
    const key = task.id.toWellFormed();
    if (!byKey.has(key)) byKey.set(key, { key, body: encode(task) });
  }
  return [...byKey.values()];
}

/** Cuts what is to be sent into requests of at most `mostItems` and about ten million characters, in order. */
export function requestBatches(records: readonly KeyedRecord[], mostItems: number): KeyedRecord[][] {
  const batches: KeyedRecord[][] = [];
  let batch: KeyedRecord[] = [];
  let characters = 0;
  for (const record of records) {
    const size = JSON.stringify(record.body).length;
    if (batch.length === mostItems || (batch.length > 0 && characters + size > MOST_BATCH_CHARACTERS)) {
      batches.push(batch);
      [batch, characters] = [[], 0];
    }
    batch.push(record);
    characters += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
