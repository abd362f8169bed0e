import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { startOpenAiServer } from '../support/openai-server.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { pickArguments } from './pick-trial.ts';
import { inState, optionsIn, type Trial } from './trial.ts';

const MOST_LIVES = 4;

/** A selection killed with -9 ends like one that was never interrupted, and no stored reply is asked for again. */
export const killedPick: Trial = {
  share: 8,
  run: async ({ folder, random }, times) => {
    const shape = { votes: 1 + random.below(3), concurrency: 1 + random.below(4) };
    const options = optionsIn(folder.path, folder.file('cache'));
    const server = await startOpenAiServer({ latencyMs: 5 + random.below(30) });
    const args = (name: string) => pickArguments(folder, server.url, { name, ...shape });
    try {
      assert.equal((await runCli(args('whole'), options)).code, 0);
      const requestsOfWhole = server.requests.length;
      const whole = readFileSync(folder.file('whole.jsonl'), 'utf8');

      let kills = 0;
      let lostInAll = 0;
      for (let round = 0; kills < times; round += 1) {
        const name = `killed-${round}`;
        const before = server.requests.length;
        let underWayAtKills = 0;
        for (let life = 0; life < MOST_LIVES && kills < times; life += 1) {
          const run = startCli(args(name), options);
          const asked = server.requests.length;
          // Mostly in the middle of the calls, sometimes before the first.
          if (random.below(4) === 0) await Promise.race([wait(random.below(500)), run.ended]);
          else await server.received(asked + random.below(6), run.ended);
          await wait(random.below(30));
          const ended = run.process.exitCode !== null;
          run.process.kill('SIGKILL');
          await run.ended;
          if (ended) break;
          kills += 1;
          underWayAtKills += shape.concurrency;
        }
        const last = await runCli(args(name), options);
        assert.equal(last.code, 0, last.stderr);
        assert.equal(readFileSync(folder.file(`${name}.jsonl`), 'utf8'), whole);
        const state = folder.file(`${name}.db`);
        const lost = inState<number>(state, "SELECT count(*) FROM outcome WHERE state = 'lost'");
        assert.ok(lost <= underWayAtKills, `${lost} calls lost, ${underWayAtKills} under way`);
        assert.equal(inState(state, 'SELECT count(*) FROM reply'), requestsOfWhole);
        // Every request reached the server once, but for those whose answer a kill cut off.
        const requests = server.requests.length - before;
        assert.ok(
          requests >= requestsOfWhole && requests <= requestsOfWhole + lost,
          `${requests} requests, ${lost} lost`,
        );
        assert.equal(
          inState(state, 'SELECT count(*) FROM attempt WHERE id NOT IN (SELECT attempt_id FROM outcome)'),
          0,
        );
        lostInAll += lost;
      }
      return `${kills} kills, ${lostInAll} answers cut off`;
    } finally {
      await server.close();
    }
  },
};
