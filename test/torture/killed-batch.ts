import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { batchPrice, findModel } from '../../src/models/metering/prices.ts';
import { askedTwice, billedMicroUsd } from '../support/batch-books.ts';
import { type BatchProviderName, startBatchServer } from '../support/batch-server.ts';
import { type ChatPrompt, chooseLongest } from '../support/chat-answers.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';
import { picksOf } from './pick-trial.ts';
import { inState, optionsIn, type Trial } from './trial.ts';

const MODELS: Readonly<Record<BatchProviderName, string>> = {
  ...{ openai: 'gpt-4o-mini', anthropic: 'claude-haiku-4-5', mistral: 'mistral-medium-3-5' },
};
const MOST_LIVES = 6;
/** Sending, repairing, and what was cut off. */
const MOST_RUNS = 12;
const ANSWERS = 8;

/**
 * A selection by batches of one provider, killed with -9 while they are handed over, looked at and collected, ends like one
 * that was never interrupted. No request is answered twice, and the ledger equals what the provider bills.
 */
export const killedBatch = (provider: BatchProviderName): Trial => ({
  share: 2,
  run: async ({ folder, random }, times) => {
    const { pool, embeddings } = writeTinyPool(folder, 80);
    const options = optionsIn(folder.path, folder.file('cache'));
    const environment = {
      ...options.environment,
      ANTHROPIC_API_KEY: 'sk-ant-very-secret-123',
      MISTRAL_API_KEY: 'very-secret-123',
    };
    let kills = 0;
    let openAtKills = 0;
    let whole: string[] | undefined;
    for (let round = 0; kills < times; round += 1) {
      let arrived = 0;
      let killAt = Number.POSITIVE_INFINITY;
      let kill = () => {};
      const server = await startBatchServer({
        provider,
        chat: (prompt) => ({ ...chooseLongest(prompt), usage: usageOf(prompt) }),
        looks: 1 + random.below(2),
        fate: (batch, index) => (batch === 1 && index % 4 === 3 ? 'expired' : 'answered'),
        onRequest: () => {
          arrived += 1;
          if (arrived === killAt) kill();
        },
      });
      const name = `killed-batch-${round}`;
      const model = MODELS[provider];
      const args = [
        ...['pick', pool, '--embeddings', embeddings, '-n', '16', '--per-query', '2', '--items-per-query', '10'],
        ...['--strategy', 'selectllm', '--provider', provider, '--model', model, '--base-url', server.url],
        ...['--batch', '--state', `${name}.db`, '-o', `${name}.jsonl`, '--yes'],
      ];
      const state = folder.file(`${name}.db`);
      try {
        let isDone = false;
        for (let life = 0; life < MOST_LIVES && kills < times && !isDone; life += 1) {
          const run = startCli(args, { ...options, environment });
          kill = () => {
            run.process.kill('SIGKILL');
          };
          // While the provider is asked, sometimes while its answer is stored, sometimes before.
          killAt = arrived + 1 + random.below(4);
          const laterMs = random.below(3) === 0 ? random.below(2_000) : undefined;
          if (laterMs !== undefined) void Promise.race([wait(laterMs), run.ended]).then(kill);
          const { code } = await run.ended;
          if (code === 'SIGKILL') kills += 1;
          isDone = code === 0;
        }
        killAt = Number.POSITIVE_INFINITY;
        openAtKills += server.ended;
        let code: number | NodeJS.Signals = 3;
        for (let runs = 0; code === 3 && runs < MOST_RUNS; runs += 1) {
          const last = await runCli(args, { ...options, environment });
          code = last.code;
          assert.ok(code === 0 || code === 3, last.stderr);
        }
        assert.equal(code, 0);
        const picks = picksOf(folder, name);
        whole ??= picks;
        assert.deepEqual(picks, whole);
        assert.deepEqual(askedTwice(server.books), []);
        assert.equal(server.live.requests.length, ANSWERS);
        const { price, batchFactor, batchCachedInput } = findModel(provider, model)!;
        const billed = billedMicroUsd(server.books, batchPrice(price, batchFactor, batchCachedInput));
        assert.equal(inState(state, 'SELECT sum(cost_micro_usd) FROM reply'), billed);
        assert.equal(inState(state, 'SELECT count(*) FROM reply'), ANSWERS);
        assert.equal(inState(state, "SELECT count(*) FROM outcome WHERE state = 'lost'"), 0);
        assert.equal(
          inState(state, 'SELECT count(*) FROM attempt WHERE id NOT IN (SELECT attempt_id FROM outcome)'),
          0,
        );
      } finally {
        await server.close();
      }
    }
    return `${kills} kills, ${openAtKills} batches had ended before the last one`;
  },
});

/** More than winnow counts itself, so that it believes the server. */
function usageOf({ request }: ChatPrompt) {
  return { input: JSON.stringify(request.body).length, output: 200 };
}
