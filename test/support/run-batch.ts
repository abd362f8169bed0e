import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatAnswerer } from './chat-answers.ts';
import { startOpenAiServer } from './openai-server.ts';

interface Line {
  readonly custom_id: string;
  readonly method: string;
  readonly url: string;
  readonly body: object;
}

/**
 * What `vllm run-batch` does to the files of requests in a folder that have no results yet: a line for each request, in
 * order. Where the engine refuses one, the line has the status and no body, and the error beside it.
 * @param most lines of a file, as where it was killed
 * @returns how many requests it was given
 */
export async function runBatch(folder: string, chat: ChatAnswerer, most = Number.POSITIVE_INFINITY): Promise<number> {
  const server = await startOpenAiServer({ chat });
  let given = 0;
  try {
    const files = readdirSync(folder);
    for (const name of files.filter((file) => !file.endsWith('.results.jsonl'))) {
      const results = name.replace('.jsonl', '.results.jsonl');
      if (files.includes(results)) continue;
      const requests = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
      const lines = [];
      for (const request of requests.slice(0, most)) {
        const { custom_id, method, url, body } = JSON.parse(request) as Line;
        const answer = await fetch(`${server.url}${url}`, { method, body: JSON.stringify(body) });
        const received = (await answer.json()) as object;
        const ids = { id: 'vllm-1', custom_id };
        const response = { status_code: answer.status, request_id: 'vllm-batch-1' };
        lines.push(
          answer.ok
            ? { ...ids, response: { ...response, body: received }, error: null }
            : { ...ids, response: { ...response, body: null }, error: received },
        );
      }
      given += lines.length;
      writeFileSync(join(folder, results), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    }
  } finally {
    await server.close();
  }
  return given;
}
