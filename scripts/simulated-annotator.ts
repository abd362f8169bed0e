import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A pool whose responses are known: what people would answer, by id. */
export function knownResponses(poolPath: string): ReadonlyMap<string, string> {
  const records = readLines(poolPath) as { id: string; output?: string }[];
  return new Map(records.map(({ id, output }) => [id, output ?? '']));
}

/**
 * Plays the annotators of a round: answers every task with the response that is known, and rejects what has none.
 * @param tasksPath as `winnow export --to jsonl` wrote it
 * @returns the path of the answers, to be imported
 */
export function annotate(tasksPath: string, responses: ReadonlyMap<string, string>, folder: string): string {
  const tasks = readLines(tasksPath) as { id: string }[];
  const answers = tasks.map((task) => {
    const response = responses.get(task.id) ?? '';
    return { ...task, response, verdict: response === '' ? 'reject' : 'accept', annotator: 'simulated' };
  });
  const path = join(folder, 'answers.jsonl');
  writeFileSync(path, `${answers.map((answer) => JSON.stringify(answer)).join('\n')}\n`);
  return path;
}

function readLines(path: string): unknown[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
