import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { asLines } from '../cli/campaign-lab.ts';
import { numberIn, pairOf } from '../cli/score-lab.ts';
import type { ChatPrompt } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { inState, optionsIn, type Trial } from './trial.ts';

const ITEMS = 20;
/** Every third needs a second request, because its first answer is unusable. */
const REQUESTS = ITEMS + 7;

const scoreOf = (number: number) => (number % 11) / 2;

/** Of the open requests, the first is answered last. */
async function answer({ request }: ChatPrompt) {
  const messages = request.body.messages as readonly unknown[];
  const number = numberIn({ request });
  await wait(120 - 30 * (number % 4));
  if (number % 3 === 0 && messages.length < 4) return { text: 'Splendid, five of five.' };
  return { text: JSON.stringify({ reason: `it is ${number}`, score: scoreOf(number) }) };
}

/** A scoring killed with -9 writes what one that was left alone writes, in the order read, and asks for no answer it has. */
export const killedScore: Trial = {
  share: 2,
  run: async ({ folder, random }, times) => {
    // Every item twice, the second time from the last on, with a field of its own that is not judged.
    const numbers = [...Array(ITEMS).keys(), ...[...Array(ITEMS).keys()].reverse()];
    const records = numbers.map((number, row) => ({ row, ...pairOf(number) }));
    folder.write('pairs.jsonl', asLines(records));
    const options = optionsIn(folder.path, folder.file('cache'));
    const server = await startOpenAiServer({ chat: answer });
    const args = (name: string) => [
      ...['score', 'pairs.jsonl', '--provider', 'openai', '--model', 'gpt-4o-mini', '--base-url', `${server.url}/v1`],
      ...['--concurrency', '4', '--state', `${name}.db`, '-o', `${name}.jsonl`, '--yes'],
    ];
    try {
      assert.equal((await runCli(args('whole'), options)).code, 0);
      assert.equal(server.requests.length, REQUESTS);
      const whole = readFileSync(folder.file('whole.jsonl'), 'utf8');
      const written = whole
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.deepEqual(
        written.map(({ winnow: _, ...record }) => record),
        records,
      );
      assert.deepEqual(
        written.map(({ winnow: { score, reason } }) => [score, reason]),
        numbers.map((number) => [scoreOf(number), `it is ${number}`]),
      );

      let kills = 0;
      for (let round = 0; kills < times; round += 1) {
        const state = folder.file(`killed-${round}.db`);
        for (let life = 0; life < 4 && kills < times; life += 1) {
          const asked = server.requests.length;
          const run = startCli(args(`killed-${round}`), options);
          await server.received(asked + 1 + random.below(6), run.ended);
          run.process.kill('SIGKILL');
          if ((await run.ended).code !== 'SIGKILL') break;
          kills += 1;
        }
        const stored = inState<number>(state, 'SELECT count(*) FROM reply');
        const asked = server.requests.length;
        assert.equal((await runCli(args(`killed-${round}`), options)).code, 0);
        assert.equal(server.requests.length - asked, REQUESTS - stored);
        assert.equal(readFileSync(folder.file(`killed-${round}.jsonl`), 'utf8'), whole);
        // Every answer is stored once, and paid for once.
        assert.equal(inState(state, 'SELECT count(*) FROM reply'), REQUESTS);
        const calls = 'SELECT count(DISTINCT call_id) FROM attempt JOIN reply ON attempt_id = attempt.id';
        assert.equal(inState(state, calls), REQUESTS);
        const settled = 'SELECT sum(cost_micro_usd) FROM reply';
        assert.equal(inState(state, settled), inState(folder.file('whole.db'), settled));
      }
      return `${kills} kills`;
    } finally {
      await server.close();
    }
  },
};
