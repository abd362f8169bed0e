import assert from 'node:assert/strict';
import { type ChatAnswer, type ChatPrompt, chooseBadly, chooseLongest, SPOILS } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { Fault } from '../support/provider-server.ts';
import { runCli } from '../support/run-cli.ts';
import { pickArguments, picksOf } from './pick-trial.ts';
import { inState, KEY, optionsIn, type Trial } from './trial.ts';

const FAULTS: readonly Fault[] = [
  { fault: 'status', status: 429, headers: { 'retry-after-ms': '5' } },
  { fault: 'status', status: 500, headers: { 'retry-after-ms': '5' } },
  { fault: 'status', status: 503, message: `\u001b[31mwith the key ${KEY}`, headers: { 'retry-after-ms': '5' } },
  { fault: 'drop', when: 'before' },
  { fault: 'drop', when: 'middle' },
  { fault: 'half-json' },
  { fault: 'html' },
];
const MOST_RUNS = 12;

/**
 * A server whose answers are unusable in every way: what cannot be used is asked again or reported, never made up. Asked
 * until all is well, the selection ends as with a good server; every reply that arrived is stored once, and no key or
 * escape sequence is shown.
 */
export const badReplies: Trial = {
  share: 1,
  run: async ({ folder, random }, times) => {
    const options = optionsIn(folder.path, folder.file('cache'));
    let rate = 0;
    let replies = 0;
    const server = await startOpenAiServer({
      chat: (prompt) => {
        const answer = random.float() < rate ? badAnswer(prompt) : chooseLongest(prompt);
        if (!('fault' in answer)) replies += 1;
        return answer;
      },
    });
    function badAnswer(prompt: ChatPrompt): ChatAnswer {
      const which = random.below(FAULTS.length + SPOILS.length);
      return FAULTS[which] ?? chooseBadly(SPOILS[which - FAULTS.length]!, prompt);
    }
    const args = (name: string, ...more: string[]) => pickArguments(folder, server.url, { name }, ...more);
    try {
      assert.equal((await runCli(args('whole'), options)).code, 0);
      const whole = picksOf(folder, 'whole');

      let failed = 0;
      for (let trial = 0; trial < times; trial += 1) {
        const name = `bad-${trial}`;
        replies = 0;
        for (let run = 0; ; run += 1) {
          assert.ok(run < MOST_RUNS, 'the selection gets nowhere');
          rate = run < 2 ? 0.3 + random.float() * 0.5 : 0;
          const { code, stdout, stderr } = await runCli(args(name, ...(run > 0 ? ['--retry-failed'] : [])), options);
          assert.ok(!(stdout + stderr).includes(KEY), 'the key is shown');
          assert.ok(!(stdout + stderr).includes('\u001b'), 'an escape sequence is shown');
          assert.ok(!stderr.includes('Unexpected error'), stderr);
          assert.equal(inState(folder.file(`${name}.db`), 'SELECT count(*) FROM reply'), replies);
          if (code === 0) break;
          assert.equal(code, 1, stderr);
          failed += 1;
        }
        assert.deepEqual(picksOf(folder, name), whole);
      }
      return `${times} selections, ${server.requests.length} requests, ${failed} runs that failed`;
    } finally {
      await server.close();
    }
  },
};
