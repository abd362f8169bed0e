import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LabelError, StepError } from '../../src/domain/errors.ts';
import type { Campaign } from '../../src/runs/campaign/campaign.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep, POOL } from './campaign-lab.ts';

const home = temporaryFolder();

/** A campaign whose first round has been exported. */
async function handedOut(name: string, labels: object, work: (lab: CampaignLab, campaign: Campaign) => Promise<void>) {
  const lab = new CampaignLab(home, name, { labels: { heldOutShare: 0, ...labels } });
  await lab.work(async (campaign) => {
    await campaign.run();
    await work(lab, campaign);
  });
}

const NOTHING_NEW = { accepted: 0, rejected: 0, skipped: 0, edited: 0, costMicroUsd: 0 };

test('importing a file a second time changes nothing, with any content', async () => {
  await handedOut('twice', { perMinuteUsd: 1, annotators: 2 }, async (lab, campaign) => {
    const ids = lab.tasks(1).map(({ id }) => id);
    const file = lab.writeLabels([
      { id: ids[0], response: 'By Ann.', annotator: 'ann', seconds: 30 },
      { id: ids[0], response: 'By Bob.', annotator: 'bob' },
      { id: ids[0], response: 'By Bob, better.', annotator: 'bob', submitted_at: '2026-01-02T00:00:00Z' },
      { id: ids[1], verdict: 'skip' },
      { id: ids[2], verdict: 'reject', annotator: 'ann' },
      { id: ids[3], response: 'begun', verdict: 'draft' },
      { id: ids[4], response: '' },
      { id: 'no-such-id', response: 'For no item.' },
      { id: ids[5], response: 'Said twice in one file.' },
      { id: ids[5], response: 'Said twice in one file.' },
    ]);
    const first = await campaign.importLabels(file);
    expect(first).toMatchObject({ read: 9, accepted: 4, rejected: 1, skipped: 1, edited: 1, unchanged: 1, drafts: 1 });
    const before = lab.state();
    expect(await campaign.importLabels(file)).toMatchObject({ ...NOTHING_NEW, read: 9, unchanged: 7, drafts: 1 });
    expect(lab.state()).toEqual(before);
  });
});

test('if the tool does not say who answered, the import can', async () => {
  await handedOut('named', { annotators: 2 }, async (lab, campaign) => {
    const ids = lab.tasks(1).map(({ id }) => id);
    const by = (name: string) => lab.writeLabels(ids.map((id) => ({ id, response: `By ${name}.` })));
    const ann = await campaign.importLabels(by('Ann'), { annotator: 'ann' });
    expect(ann).toMatchObject({ accepted: ids.length, edited: 0, awaited: ids.length });
    const ben = await campaign.importLabels(by('Ben'), { annotator: 'ben' });
    expect(ben).toMatchObject({ accepted: ids.length, edited: 0, awaited: 0 });
    // A name in the file counts for more.
    const named = lab.writeLabels([{ id: ids[0], response: 'By Ben, better.', annotator: 'ben' }]);
    expect(await campaign.importLabels(named, { annotator: 'cleo' })).toMatchObject({ accepted: 1, edited: 1 });
  });
});

test('time that a tool goes on counting makes no other label of what was said, and is paid for once it was changed', async () => {
  await handedOut('time', { perMinuteUsd: 0.6 }, async (lab, campaign) => {
    const [{ id }] = lab.tasks(1) as [{ id: string }];
    const said = { id, response: 'The same.', annotator: 'ann' };
    expect(await campaign.importLabels(lab.writeLabels([{ ...said, seconds: 10 }]))).toMatchObject({
      accepted: 1,
      costMicroUsd: 100_000,
    });
    expect(await campaign.importLabels(lab.writeLabels([{ ...said, seconds: 600 }]))).toMatchObject({
      ...NOTHING_NEW,
      unchanged: 1,
    });
  });
});

test('what cannot be used is told one by one, and the rest is taken in', async () => {
  await handedOut('told', {}, async (lab, campaign) => {
    const tasks = lab.tasks(1);
    const unselected = POOL.find(({ id }) => !tasks.some((task) => task.id === id))!.id;
    const file = lab.write(
      'mixed.jsonl',
      [
        JSON.stringify({ id: tasks[0]!.id, response: 'An answer.' }),
        JSON.stringify({ id: tasks[1]!.id, response: '  ' }),
        JSON.stringify({ id: tasks[2]!.id, response: 'half', verdict: 'draft' }),
        JSON.stringify({ id: 'unknown-1', response: 'a' }),
        JSON.stringify({ id: 'unknown-1', response: 'b' }),
        JSON.stringify({ id: 'unknown-2', verdict: 'draft', response: 'c' }),
        JSON.stringify({ id: unselected, response: 'Not asked for.' }),
        JSON.stringify({ text: 'no id at all' }),
        '{"id": "broken',
        JSON.stringify({ id: tasks[3]!.id, response: 'x', verdict: 'perhaps' }),
      ].join('\n'),
    );
    const summary = await campaign.importLabels(file);
    expect(summary).toMatchObject({
      source: file,
      tool: 'jsonl',
      read: 6,
      accepted: 1,
      drafts: 1,
      untouched: 1,
      unknownIds: ['unknown-1', 'unknown-2'],
      unselectedIds: [unselected],
      awaited: 7,
    });
    expect(summary.foreign.map(({ place }) => place)).toEqual(['line 8', 'line 10', 'line 9']);
    expect(lab.rows('SELECT position FROM annotation')).toHaveLength(1);
  });
});

describe('one person who changes their mind', () => {
  test('has the last word, is paid once, and each thing they said is kept', async () => {
    await handedOut('edited', { perLabelUsd: 0.25 }, async (lab, campaign) => {
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      const say = (said: object) => campaign.importLabels(lab.writeLabels([{ id, annotator: 'ann', ...said }]));
      expect(await say({ response: 'First.' })).toMatchObject({ accepted: 1, edited: 0, costMicroUsd: 250_000 });
      expect(await say({ response: 'Second.' })).toMatchObject({ accepted: 1, edited: 1, costMicroUsd: 0 });
      expect((await campaign.status()).labels).toMatchObject({ labeled: 1, awaited: 7 });
      expect(await say({ verdict: 'reject' })).toMatchObject({ rejected: 1, edited: 1, costMicroUsd: 0 });
      const status = await campaign.status();
      expect(status.labels).toMatchObject({ labeled: 0, rejected: 1, awaited: 7 });
      expect(status.spending.labels.settledMicroUsd).toBe(250_000);
      expect(lab.rows('SELECT response FROM annotation ORDER BY id')).toEqual([
        { response: 'First.' },
        { response: 'Second.' },
        { response: null },
      ]);
    });
  });

  test('is paid for the answer that came after a skip', async () => {
    await handedOut('skip-first', { perLabelUsd: 0.25 }, async (lab, campaign) => {
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      const say = (said: object) => campaign.importLabels(lab.writeLabels([{ id, annotator: 'ann', ...said }]));
      expect(await say({ verdict: 'skip' })).toMatchObject({ skipped: 1, costMicroUsd: 0 });
      expect(await say({ response: 'After all.' })).toMatchObject({ accepted: 1, edited: 1, costMicroUsd: 250_000 });
      expect((await campaign.status()).spending.labels).toMatchObject({ settledMicroUsd: 250_000, settledLabels: 1 });
    });
  });

  test('makes one label of an item, however often they take it back and give it again', async () => {
    await handedOut('back-and-forth', {}, async (lab, campaign) => {
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      for (const said of [
        { response: 'a' },
        { verdict: 'reject' },
        { response: 'b' },
        { verdict: 'skip' },
        { response: 'c' },
      ]) {
        await campaign.importLabels(lab.writeLabels([{ id, ...said }]));
      }
      expect((await campaign.status()).spending.labels).toMatchObject({ settledLabels: 1, reservedLabels: 7 });
    });
  });
});

describe('two people', () => {
  const both = [
    { annotator: 'ann', response: 'red green', submitted_at: '2026-03-02T10:00:00Z' },
    { annotator: 'bob', response: 'red blue', submitted_at: '2026-03-01T10:00:00Z' },
  ];

  test.each([
    ['latest', 'red green'],
    ['first', 'red blue'],
  ])('are both kept and the one who submitted %s is trained on; their agreement is told', async (winner, response) => {
    await handedOut(`double-${winner}`, { annotators: 2, winner, perLabelUsd: 0.1 }, async (lab, campaign) => {
      const tasks = lab.tasks(1);
      const one = await campaign.importLabels(lab.writeLabels(tasks.map(({ id }) => ({ id, ...both[0] }))));
      expect(one).toMatchObject({ accepted: 8, agreement: null, awaited: 8, costMicroUsd: 800_000 });
      // Nothing is settled before the second has answered too.
      expect((await campaign.status()).spending.labels).toMatchObject({
        settledMicroUsd: 0,
        reservedMicroUsd: 1_600_000,
        reservedLabels: 8,
      });
      const two = await campaign.importLabels(lab.writeLabels(tasks.map(({ id }) => ({ id, ...both[1] }))));
      expect(two).toMatchObject({
        accepted: 8,
        edited: 0,
        agreement: { items: 8, wordF1: 0.5, disputed: 0 },
        awaited: 0,
        costMicroUsd: 800_000,
      });
      const { labels, spending } = await campaign.status();
      expect(labels).toMatchObject({ labeled: 8, agreement: { items: 8, wordF1: 0.5 } });
      expect(spending.labels).toMatchObject({ settledMicroUsd: 1_600_000, reservedMicroUsd: 0, settledLabels: 8 });
      await lab.play(campaign, { until: isStep('train') });
      const trained = JSON.parse(lab.read('rounds/1/training/train.json')) as { output: string }[];
      expect(trained.map(({ output }) => output)).toEqual(Array(8).fill(response));
    });
  });

  test('who say the same again later have spoken again', async () => {
    await handedOut('same-again', { annotators: 2 }, async (lab, campaign) => {
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      const again = { ...both[1], submitted_at: '2026-03-03T10:00:00Z' };
      await campaign.importLabels(lab.writeLabels(both.map((said) => ({ id, ...said }))));
      expect(await campaign.importLabels(lab.writeLabels([{ id, ...again }]))).toMatchObject({
        accepted: 1,
        edited: 1,
      });
      await campaign.waitForLabels({ goOn: true });
      await campaign.train();
      expect(JSON.parse(lab.read('rounds/1/training/train.json'))).toMatchObject([{ output: again.response }]);
    });
  });

  test('more than were ordered are recorded and paid, and change no count of labels', async () => {
    await handedOut('too-many', { perLabelUsd: 0.1 }, async (lab, campaign) => {
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      await campaign.importLabels(lab.writeLabels([{ id, ...both[0] }]));
      expect(await campaign.importLabels(lab.writeLabels([{ id, ...both[1] }]))).toMatchObject({
        accepted: 1,
        costMicroUsd: 100_000,
      });
      const { spending, labels } = await campaign.status();
      expect(spending.labels).toEqual({
        settledMicroUsd: 200_000,
        reservedMicroUsd: 700_000,
        settledLabels: 1,
        reservedLabels: 7,
      });
      expect(labels.labeled).toBe(1);
      expect(campaign.ledger().map(({ subject }) => subject)).toContain(`more work on ${id} than was ordered`);
    });
  });

  test('in one file, more than were ordered, cost what all of them did', async () => {
    await handedOut('at-once', { perLabelUsd: 0.1 }, async (lab, campaign) => {
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      await campaign.importLabels(lab.writeLabels(both.map((said) => ({ id, ...said }))));
      expect((await campaign.status()).spending.labels).toMatchObject({ settledMicroUsd: 200_000, settledLabels: 1 });
    });
  });
});

describe('by the minute', () => {
  test('each label costs the time it took, at most so much, and unknown time the most', async () => {
    await handedOut('minutes', { perMinuteUsd: 0.3, mostMinutes: 10 }, async (lab, campaign) => {
      const seconds = [60, 90, 3600, undefined, 0];
      const before = (await campaign.status()).spending.labels;
      expect(before.reservedMicroUsd).toBe(8 * 3_000_000);
      const summary = await campaign.importLabels(
        lab.annotate(1, (_, index) => (index < seconds.length ? { response: 'Done.', seconds: seconds[index]! } : {})),
      );
      expect(summary).toMatchObject({
        accepted: 5,
        costMicroUsd: 300_000 + 450_000 + 3_000_000 + 3_000_000,
        withoutTime: 1,
      });
      expect((await campaign.status()).spending.labels).toMatchObject({
        settledMicroUsd: 6_750_000,
        reservedMicroUsd: 3 * 3_000_000,
      });
    });
  });

  test('skips are paid for too, and free their labels', async () => {
    await handedOut('paid-skips', { perMinuteUsd: 0.6 }, async (lab, campaign) => {
      await campaign.importLabels(lab.annotate(1, () => ({ verdict: 'skip', seconds: 5 })));
      const { spending } = await campaign.status();
      expect(spending.labels).toMatchObject({ settledMicroUsd: 8 * 50_000, settledLabels: 0, reservedLabels: 0 });
    });
  });
});

describe('what has to be there', () => {
  test('text in another encoding than UTF-8 is refused rather than taken in garbled', async () => {
    await handedOut('latin-1', {}, async (lab, campaign) => {
      const before = lab.state();
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      const path = lab.path('labels.csv');
      writeFileSync(path, `id,response\n${id},Größe\n`, 'latin1');
      await expect(campaign.importLabels(path)).rejects.toThrow(/is not valid UTF-8/);
      expect(lab.state()).toEqual(before);
      writeFileSync(path, `\uFEFFid,response\n${id},Größe 👍\n`, 'utf8');
      expect(await campaign.importLabels(path)).toMatchObject({ tool: 'csv', accepted: 1 });
      writeFileSync(path, `\uFEFFid,response\n${id},Größe 👍\n`, 'utf16le');
      expect(await campaign.importLabels(path)).toMatchObject({ tool: 'csv', unchanged: 1 });
      expect(lab.rows('SELECT response FROM annotation')).toEqual([{ response: 'Größe 👍' }]);
    });
  });

  test('before anything is chosen there is nothing to import for', async () => {
    const lab = new CampaignLab(home, 'too-early');
    await lab.work(async (campaign) => {
      const file = lab.writeLabels([{ id: 'x', response: 'y' }]);
      await expect(campaign.importLabels(file)).rejects.toThrow(StepError);
      await expect(campaign.exportTasks()).rejects.toThrow('No round has selected instructions yet.');
      await expect(campaign.pullLabels()).rejects.toThrow(StepError);
    });
  });

  test('a file that is missing, empty or of another kind is an error, and changes nothing', async () => {
    await handedOut('no-file', {}, async (lab, campaign) => {
      const before = lab.state();
      await expect(campaign.importLabels(lab.path('nowhere.jsonl'))).rejects.toThrow(/there is no such file/);
      await expect(campaign.importLabels(lab.write('empty.jsonl', ''))).rejects.toThrow(LabelError);
      await expect(campaign.importLabels(lab.write('other.jsonl', '{"colour":"red"}\n'))).rejects.toThrow(LabelError);
      await expect(campaign.pullLabels()).rejects.toThrow('No annotation server is configured.');
      expect(lab.state()).toEqual(before);
    });
  });
});
