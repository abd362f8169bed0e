import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NotEnoughError, PoolError } from '../../src/domain/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep, MORE, POOL } from './campaign-lab.ts';

const home = temporaryFolder();
const TWO_FILES = { pool: { files: ['pool.jsonl', 'more.jsonl'] } };

/** One round done, the second not planned. */
async function afterFirstRound(name: string, config: Record<string, unknown> = {}): Promise<CampaignLab> {
  const lab = new CampaignLab(home, name, config);
  await lab.work((campaign) => lab.play(campaign, { until: isStep('find-failures') }));
  return lab;
}

describe('between rounds', () => {
  test('a further file is added before the next round is planned, and its items are evaluated in it', async () => {
    const lab = await afterFirstRound('further');
    lab.configure(TWO_FILES);
    lab.writePool('more.jsonl', MORE);
    await lab.work(async (campaign) => {
      expect((await campaign.status()).next).toEqual({ step: 'add-pool', round: 2 });
      expect(await campaign.addPool()).toMatchObject({
        round: 2,
        details: { files: [{ path: 'more.jsonl', added: MORE.length }], instructions: POOL.length + MORE.length },
        next: { step: 'plan-round', round: 2 },
      });
      const results = await lab.play(campaign, { until: isStep('evaluate', 2) });
      const evaluated = results.at(-1)!;
      expect(evaluated).toMatchObject({ step: 'evaluate', details: { remaining: POOL.length + MORE.length - 8 - 6 } });
      expect((await campaign.status()).pool.files.map(({ path }) => path)).toEqual(['pool.jsonl', 'more.jsonl']);
    });
  });

  test('a file that has changed adds what is new in it, and takes nothing away', async () => {
    const lab = await afterFirstRound('changed');
    const before = lab.rows<{ id: string }>('SELECT id, position FROM item ORDER BY position');
    lab.writePool('pool.jsonl', [MORE[0]!, ...POOL.slice(5), MORE[1]!]);
    await lab.work(async (campaign) => {
      expect(await campaign.addPool()).toMatchObject({
        details: { files: [{ path: 'pool.jsonl', records: 37, added: 2 }], instructions: POOL.length + 2 },
      });
      expect((await campaign.status()).next.step).toBe('plan-round');
    });
    const after = lab.rows<{ id: string }>('SELECT id, position FROM item ORDER BY position');
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length).map(({ id }) => id)).toEqual([MORE[0]!.id, MORE[1]!.id]);
  });

  test('only what is new is judged, and nothing below the threshold is handed out or evaluated', async () => {
    const quality = { threshold: 3 };
    const lab = await afterFirstRound('judged', { quality });
    lab.configure({ ...TWO_FILES, quality });
    lab.writePool('more.jsonl', MORE);
    await lab.work(async (campaign) => {
      await campaign.addPool();
      expect(await campaign.judgeQuality()).toMatchObject({ details: { judged: MORE.length, threshold: 3 } });
      await lab.play(campaign, { until: isStep('evaluate', 2) });
    });
    const used = lab.rows<{ score: number }>(
      `SELECT score FROM rating WHERE position IN (SELECT position FROM pick UNION
         SELECT position FROM item JOIN evaluation ON item_id = item.id WHERE subset = 'pool')`,
    );
    expect(Math.min(...used.map(({ score }) => score))).toBeGreaterThanOrEqual(3);
    expect(lab.rows('SELECT 1 FROM rating WHERE score < 3').length).toBeGreaterThan(0);
  });

  test('a file that is gone is not missed once it was added', async () => {
    const lab = await afterFirstRound('gone');
    rmSync(lab.path('pool.jsonl'));
    await lab.work(async (campaign) => {
      expect((await campaign.status()).pool.instructions).toBe(POOL.length);
      expect(await campaign.planRound()).toMatchObject({ done: true });
      expect(await campaign.select()).toMatchObject({ done: true, details: { picked: 6 } });
    });
  });

  test('results of a batch are the responses of its requests, from another file of the pool', async () => {
    const chat = (content: string) => ({ messages: [{ role: 'user', content }] });
    const url = '/v1/chat/completions';
    const requests = ['Name a sea.', 'Name a lake.'].map((text, at) => ({
      ...{ custom_id: `q${at}`, method: 'POST', url },
      body: { model: 'm', ...chat(text) },
    }));
    const results = ['The Baltic.', 'Como.', 'Lost.'].map((content, at) => ({
      ...{ id: `batch_${at}`, custom_id: `q${at}`, error: null },
      response: { status_code: 200, body: { choices: [{ message: { role: 'assistant', content } }] } },
    }));
    for (const files of [
      ['requests.jsonl', 'results.jsonl'],
      ['results.jsonl', 'requests.jsonl'],
    ]) {
      const lab = new CampaignLab(home, files[0]!, { pool: { files: ['pool.jsonl', ...files] } });
      for (const [name, records] of Object.entries({ requests, results })) {
        writeFileSync(lab.path(`${name}.jsonl`), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
      }
      const { notes } = (await lab.work((campaign) => campaign.addPool()))!;
      const left = '1 line of results.jsonl left out: it answers no request among these files (first: line 3).';
      expect(notes.map(String)).toContain(left);
      const stored = lab.rows<{ id: string; output: string }>(
        "SELECT id, output FROM item WHERE id LIKE 'q%' ORDER BY id",
      );
      expect(stored).toEqual([
        { id: 'q0', output: 'The Baltic.' },
        { id: 'q1', output: 'Como.' },
      ]);
    }
  });

  test('a file that was never there is an error that names it', async () => {
    const lab = new CampaignLab(home, 'never', TWO_FILES);
    await lab.work(async (campaign) => {
      const error = await campaign.next().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(PoolError);
      expect((error as PoolError).message).toContain('There is no pool file more.jsonl');
      // Where it stands can be told all the same.
      expect((await campaign.status()).next).toEqual({ step: 'add-pool', round: 1 });
    });
  });
});

test('within a round a further file waits', async () => {
  const lab = new CampaignLab(home, 'within');
  await lab.work((campaign) => lab.play(campaign, { until: isStep('select') }));
  lab.configure(TWO_FILES);
  lab.writePool('more.jsonl', MORE);
  await lab.work(async (campaign) => {
    expect((await campaign.status()).next.step).toBe('export');
    const results = await lab.play(campaign, { until: isStep('add-pool', 2) });
    expect(results.map(({ step }) => step).slice(-2)).toEqual(['find-failures', 'add-pool']);
  });
});

test('what is in two files is one instruction, whose labels may come under either id', async () => {
  const lab = new CampaignLab(home, 'two-files', TWO_FILES);
  const copies = POOL.map((record) => ({ ...record, id: `copy-${record.id}` }));
  lab.writePool('more.jsonl', [...copies, { ...MORE[0]!, id: POOL[0]!.id }]);
  await lab.work(async (campaign) => {
    const added = await campaign.addPool();
    expect(added).toMatchObject({
      details: {
        files: [
          { path: 'pool.jsonl', added: POOL.length },
          { path: 'more.jsonl', records: POOL.length + 1, added: 1 },
        ],
        instructions: POOL.length + 1,
      },
    });
    await campaign.run();
    const [{ id }] = lab.tasks(1) as [{ id: string }];
    const summary = await campaign.importLabels(lab.writeLabels([{ id: `copy-${id}`, response: 'Under its alias.' }]));
    expect(summary).toMatchObject({ accepted: 1, unknownIds: [], unselectedIds: [], awaited: 7 });
  });
});

describe('a pool that runs out', () => {
  const ALL = {
    most: 9,
    seed: { strategy: 'random', count: 6 },
    necessity: { count: 40, evaluate: 40, threshold: 10 },
  };
  const tiny = (name: string) => {
    const lab = new CampaignLab(home, name, { rounds: ALL, labels: { heldOutShare: 0 } });
    lab.writePool('pool.jsonl', POOL.slice(0, 10));
    return lab;
  };

  test('ends the campaign, which goes on when more is added', async () => {
    const lab = tiny('runs-out');
    const results = await lab.work((campaign) => lab.play(campaign));
    expect(results.at(-1)).toMatchObject({ step: 'stop', stop: { rule: 'pool-exhausted' } });
    expect(lab.tasks(1).length + lab.tasks(2).length).toBe(10);

    lab.configure({ rounds: ALL, labels: { heldOutShare: 0 }, ...TWO_FILES });
    lab.writePool('more.jsonl', MORE.slice(0, 5));
    await lab.work(async (campaign) => {
      const more = await lab.play(campaign);
      expect(more.map(({ step }) => step)).toContain('find-failures');
      expect(more.at(-1)).toMatchObject({ step: 'stop', stop: { rule: 'pool-exhausted' } });
      expect((await campaign.status()).labels).toMatchObject({ awaited: 0 });
    });
    const handedOut = lab.rows<{ position: number }>('SELECT DISTINCT position FROM pick');
    expect(handedOut).toHaveLength(15);
  });

  test('and grows by nothing but repetitions is told so before a round is begun, and may grow again', async () => {
    const lab = tiny('grows');
    await lab.work((campaign) => lab.play(campaign));
    const near = POOL.slice(0, 5).map((record) => ({
      ...record,
      id: `near-${record.id}`,
      instruction: `${record.instruction} `,
    }));
    lab.configure({ rounds: ALL, labels: { heldOutShare: 0 }, ...TWO_FILES });
    lab.writePool('more.jsonl', near);
    await lab.work(async (campaign) => {
      await campaign.addPool();
      const error = await campaign.planRound().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(NotEnoughError);
      expect((error as NotEnoughError).message).toContain(
        'all 5 remaining instructions are near-duplicates of labeled ones',
      );
    });
    lab.writePool('more.jsonl', [...near, ...MORE.slice(0, 5)]);
    const more = await lab.work((campaign) => lab.play(campaign));
    expect(more.at(-1)).toMatchObject({ step: 'stop', stop: { rule: 'pool-exhausted' } });
    expect(lab.rows('SELECT DISTINCT position FROM pick')).toHaveLength(15);
  });

  test('of all but what repeats what is labeled has run out too', async () => {
    const lab = tiny('repeats');
    const near = POOL.slice(0, 10).map((record) => ({
      ...record,
      id: `near-${record.id}`,
      instruction: `${record.instruction} `,
    }));
    lab.writePool('pool.jsonl', [...POOL.slice(0, 10), ...near]);
    const results = await lab.work((campaign) => lab.play(campaign));
    expect(results.at(-1)).toMatchObject({ step: 'stop', stop: { rule: 'pool-exhausted' } });
    expect(lab.rows('SELECT DISTINCT position FROM pick')).toHaveLength(10);
  });
});

describe('files of labels that are only ever tested with', () => {
  test('are never handed out nor trained on, and every model answers them', async () => {
    const held = POOL.filter(({ output }) => output !== '').slice(0, 6);
    const lab = new CampaignLab(home, 'held-out-files', {
      labels: { heldOutFiles: ['held.jsonl'], heldOutShare: 0 },
      rounds: {
        most: 3,
        seed: { strategy: 'random', count: 20 },
        necessity: { count: 20, evaluate: 40, threshold: 10 },
      },
    });
    lab.writePool('held.jsonl', [...held.slice(1), { ...held[0]!, id: 'another-id' }, MORE[0]!]);
    await lab.work(async (campaign) => {
      await lab.play(campaign);
      const { rounds } = await campaign.status();
      expect(rounds.length).toBeGreaterThan(1);
      for (const { number, outcome } of rounds) {
        expect(outcome!.testScore).not.toBeNull();
        expect(outcome!.heldOutScore).toBeNull();
        expect(outcome!.comparedOn).toBe(number === 1 ? null : 'test');
        const tested = lab.rows(`SELECT item_id FROM evaluation WHERE round = ${number} AND subset = 'test'`);
        expect(tested).toHaveLength(7);
        const text = JSON.stringify(lab.tasks(number)) + lab.read(`rounds/${number}/training/train.json`);
        for (const { instruction } of held) expect(text).not.toContain(JSON.stringify(instruction));
      }
    });
  });

  test('are not trained on even where people had labeled them before they were named', async () => {
    const lab = await afterFirstRound('named-late', { labels: { heldOutShare: 0 } });
    const labeled = (JSON.parse(lab.read('rounds/1/training/train.json')) as { instruction: string }[])[0]!;
    const record = POOL.find(
      ({ instruction, input }) =>
        instruction === labeled.instruction && (input ?? '') === (labeled as { input?: string }).input,
    )!;
    lab.writePool('held.jsonl', [record]);
    lab.configure({ labels: { heldOutShare: 0, heldOutFiles: ['held.jsonl'] } });
    await lab.work((campaign) => lab.play(campaign, { until: isStep('train', 2) }));
    expect(lab.read('rounds/2/training/train.json')).not.toContain(JSON.stringify(record.instruction));
  });

  test('need a response for every record', async () => {
    const lab = new CampaignLab(home, 'no-response', { labels: { heldOutFiles: ['held.jsonl'] } });
    lab.write('held.jsonl', '{"instruction": "Explain tides.", "output": "The moon."}\n{"instruction": "Why?"}\n');
    await lab.work(async (campaign) => {
      const error = await campaign.next().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(PoolError);
      expect((error as PoolError).message).toMatch(/held\.jsonl:2: a record of labels.heldOutFiles has no response/);
    });
  });
});
