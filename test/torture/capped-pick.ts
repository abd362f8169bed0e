import assert from 'node:assert/strict';
import type { Random } from '../../src/math/random.ts';
import { countTokens } from '../../src/models/metering/token-count.ts';
import { type ChatPrompt, type ChatReply, chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { costMicroUsd, pickArguments, picksOf, promptTokens } from './pick-trial.ts';
import { inState, optionsIn, type Trial, type TrialLab } from './trial.ts';

/** What the whole selection takes at most; caps are drawn below. */
const WHOLE = { calls: 24, tokens: 20_000, microUsd: 3_000 };

/** What a call takes by the server's books, and what the server says of it. */
interface Booked {
  readonly input: number;
  readonly output: number;
  readonly said: ChatReply['usage'];
}

/**
 * Selections under random caps of money, calls and tokens, some of them killed: by the server's own books no cap is passed,
 * the ledger never has less than those books, and with the caps raised the selection ends as if there had been none.
 */
export const cappedPick = cappedTrial(({ prompt, reply }) => {
  const usage = { input: promptTokens(prompt.request), output: Math.ceil(reply.text.length / 4) };
  return { ...usage, said: usage };
});

/** Usage that no bill has: nothing, none, fewer tokens than were sent, or none that can be read. */
const LIES = ['none', 0, -7, 'many', 0.5, null] as const;

/** The same with a server that says too little of what it was sent and sends. The books are our own count of that. */
export const lyingPick = cappedTrial(({ prompt, reply, random }) => {
  const messages = prompt.request.body.messages as readonly { content: string }[];
  const input = messages.reduce((sum, { content }) => sum + countTokens(content), 0);
  const lie = () => LIES[random.below(LIES.length)] as number;
  // A server that read much less of a prompt than it was sent would be refused.
  const read = random.below(2) === 0 ? lie() : Math.ceil(0.9 * input);
  const said = random.below(5) === 0 ? 'missing' : { input: read, cached: lie(), output: lie() };
  return { input, output: countTokens(reply.text), said };
});

function cappedTrial(
  book: (call: { readonly prompt: ChatPrompt; readonly reply: ChatReply; readonly random: Random }) => Booked,
): Trial {
  return { share: 3, run: (lab, times) => runCapped(lab, times, book) };
}

async function runCapped(
  { folder, random }: TrialLab,
  times: number,
  book: Parameters<typeof cappedTrial>[0],
): Promise<string> {
  const options = optionsIn(folder.path, folder.file('cache'));
  let books = { calls: 0, tokens: 0, microUsd: 0 };
  const server = await startOpenAiServer({
    latencyMs: 5,
    chat: (prompt) => {
      const reply = chooseLongest(prompt);
      const { input, output, said } = book({ prompt, reply, random });
      books = {
        calls: books.calls + 1,
        tokens: books.tokens + input + output,
        microUsd: books.microUsd + costMicroUsd(input, output),
      };
      return { ...reply, usage: said };
    },
  });
  const args = (name: string, concurrency: number, caps: readonly string[]) =>
    pickArguments(folder, server.url, { name, votes: 2, concurrency }, ...caps);
  try {
    assert.equal((await runCli(args('whole', 4, []), options)).code, 0);
    const whole = picksOf(folder, 'whole');

    let stopped = 0;
    for (let trial = 0; trial < times; trial += 1) {
      const name = `capped-${trial}`;
      const state = folder.file(`${name}.db`);
      books = { calls: 0, tokens: 0, microUsd: 0 };
      const concurrency = 1 + random.below(6);
      const cap = {
        calls: random.below(2) === 0 ? random.below(WHOLE.calls) + 1 : Number.POSITIVE_INFINITY,
        tokens: random.below(2) === 0 ? random.below(WHOLE.tokens) + 1 : Number.POSITIVE_INFINITY,
        microUsd: random.below(3) > 0 ? random.below(WHOLE.microUsd) + 1 : Number.POSITIVE_INFINITY,
      };
      const caps = [
        ...(cap.calls < Number.POSITIVE_INFINITY ? ['--max-calls', String(cap.calls)] : []),
        ...(cap.tokens < Number.POSITIVE_INFINITY ? ['--max-tokens', String(cap.tokens)] : []),
        ...(cap.microUsd < Number.POSITIVE_INFINITY ? ['--max-usd', (cap.microUsd / 1e6).toFixed(6)] : []),
      ];
      const before = server.requests.length;
      if (random.below(3) === 0) {
        const run = startCli(args(name, concurrency, caps), options);
        await server.received(before + 1 + random.below(8), run.ended);
        run.process.kill('SIGKILL');
        await run.ended;
      }
      const { code, stderr } = await runCli(args(name, concurrency, caps), options);
      assert.ok(code === 0 || code === 3, `${caps.join(' ')} ended with ${code}: ${stderr}`);
      if (code === 3) stopped += 1;
      for (const limit of ['calls', 'tokens', 'microUsd'] as const) {
        assert.ok(books[limit] <= cap[limit], `${books[limit]} ${limit} by the server's books, cap ${cap[limit]}`);
      }
      const last = await runCli(args(name, concurrency, []), options);
      assert.equal(last.code, 0, last.stderr);
      assert.deepEqual(picksOf(folder, name), whole);
      const settled = inState<number>(state, 'SELECT sum(cost_micro_usd) FROM reply');
      const lost = inState<number>(
        state,
        "SELECT coalesce(sum(worst_case_micro_usd), 0) FROM attempt JOIN outcome ON attempt_id = id WHERE state = 'lost'",
      );
      assert.ok(settled + lost >= books.microUsd, `${settled} settled, ${lost} lost, ${books.microUsd} by the books`);
      const twice = 'SELECT count(*) - count(DISTINCT call_id) FROM attempt JOIN reply ON attempt_id = id';
      assert.equal(inState(state, twice), 0);
    }
    return `${times} runs, ${stopped} stopped by their caps`;
  } finally {
    await server.close();
  }
}
