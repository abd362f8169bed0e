import { stringify } from 'csv-stringify/sync';
import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/runs/campaign/campaign.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab } from './campaign-lab.ts';

const home = temporaryFolder();

/** A campaign whose first round waits for labels. */
async function waiting(
  name: string,
  work: (lab: CampaignLab, campaign: Campaign) => Promise<void>,
  labels: object = {},
) {
  const lab = new CampaignLab(home, name, { labels: { heldOutShare: 0, perLabelUsd: 0.5, ...labels } });
  await lab.work(async (campaign) => {
    await campaign.run();
    await work(lab, campaign);
  });
}

const stored = (lab: CampaignLab) =>
  lab.rows('SELECT item.id, response FROM annotation JOIN item USING (position) ORDER BY item.id');

describe('a label beside another text', () => {
  test('is not imported; both texts are shown, and the ids can be trusted', async () => {
    await waiting('sorted', async (lab, campaign) => {
      const tasks = lab.tasks(1).slice(0, 3);
      const [first, second, third] = tasks as [(typeof tasks)[0], (typeof tasks)[0], (typeof tasks)[0]];
      const file = lab.write(
        'sorted.csv',
        stringify([
          ['id', 'instruction', 'response'],
          [first.id, second.instruction, 'For the second.'],
          [second.id, first.instruction, 'For the first.'],
          [third.id, `  ${third.instruction}\r\n`, 'For the third.'],
        ]),
      );
      const summary = await campaign.importLabels(file);
      expect(summary).toMatchObject({ accepted: 1, costMicroUsd: 500_000 });
      expect(summary.otherTexts).toEqual([
        { itemId: first.id, place: 'row 2', shown: second.instruction, assigned: first.instruction },
        { itemId: second.id, place: 'row 3', shown: first.instruction, assigned: second.instruction },
      ]);
      expect(stored(lab)).toEqual([{ id: third.id, response: 'For the third.' }]);
      expect(await campaign.importLabels(file, { trustIds: true })).toMatchObject({ accepted: 2, otherTexts: [] });
    });
  });

  test('is imported by its id where the file has no texts', async () => {
    await waiting('no-texts', async (lab, campaign) => {
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      expect(await campaign.importLabels(lab.writeLabels([{ id, response: 'Yes.' }]))).toMatchObject({ accepted: 1 });
    });
  });

  test('has an id that is compared as it was written', async () => {
    const lab = new CampaignLab(home, 'numbers', { labels: { heldOutShare: 0 } });
    lab.writePool(
      'pool.jsonl',
      ['7', '007', '8', '9', '10', '11', '12', '13'].map((id) => ({
        ...{ id, instruction: `Explain the number ${id}.`, output: 'It is a number.' },
      })),
    );
    await lab.work(async (campaign) => {
      await campaign.run();
      const write = (name: string, id: string) => lab.write(name, `id,response\n${id},An answer.\n`);
      expect(await campaign.importLabels(write('a.csv', '007'))).toMatchObject({ accepted: 1 });
      expect(await campaign.importLabels(write('b.csv', '7'))).toMatchObject({ accepted: 1 });
      expect(stored(lab)).toMatchObject([{ id: '007' }, { id: '7' }]);
      for (const [index, id] of ['08', '8.0', ' 8'].entries()) {
        const summary = await campaign.importLabels(write(`${index}.csv`, id));
        expect(summary).toMatchObject({ accepted: 0, unknownIds: [id] });
      }
    });
  });
});

describe('a table whose quotes are broken', () => {
  test('gives no row to the answer of another', async () => {
    await waiting('glued', async (lab, campaign) => {
      const [a, b, c] = lab.tasks(1).map(({ id, instruction }) => ({ id, instruction }));
      const rows = [
        'id,instruction,response',
        `${a!.id},"${a!.instruction}","It begins.`,
        `${b!.id},${b!.instruction},And it ends."`,
        `${c!.id},"${c!.instruction}",Whole.`,
      ];
      const summary = await campaign.importLabels(lab.write('glued.csv', rows.join('\n')));
      expect(summary.accepted).toBe(1);
      expect(summary.foreign).toEqual([
        { place: 'row 2', cause: `its response holds the row of ${b!.id} too; a quote is not closed` },
      ]);
      expect(stored(lab)).toEqual([{ id: c!.id, response: 'Whole.' }]);
      const bare = `id,response\n${a!.id},"It begins.\n${b!.id},And it ends."\n`;
      expect((await campaign.importLabels(lab.write('bare.csv', bare))).foreign).toHaveLength(1);
    });
  });

  test('has answers of several lines all the same', async () => {
    await waiting('lines', async (lab, campaign) => {
      const [{ id }] = lab.tasks(1) as [{ id: string }];
      const response = `First, this.\nthen, that.\n${id}, as it is called, too.`;
      const summary = await campaign.importLabels(
        lab.write(
          'l.csv',
          stringify([
            ['id', 'response'],
            [id, response],
          ]),
        ),
      );
      expect(summary).toMatchObject({ accepted: 1, foreign: [] });
    });
  });
});

describe('several answers to one item', () => {
  test('by unknown people are refused, unless they are the same', async () => {
    await waiting('unknown', async (lab, campaign) => {
      const [a, b, c] = lab.tasks(1).map(({ id }) => id) as [string, string, string];
      const summary = await campaign.importLabels(
        lab.writeLabels([
          { id: a, response: 'One.' },
          { id: a, response: 'Two.' },
          { id: b, response: 'Same.' },
          { id: b, response: 'Same.' },
          { id: c, response: 'One.', annotator: 'ann' },
          { id: c, response: 'Two.', annotator: 'ben' },
        ]),
      );
      expect(summary.accepted).toBe(3);
      expect(summary.foreign).toEqual([
        { place: 'line 1', cause: expect.stringContaining(`2 different answers to ${a} and does not say whose`) },
      ]);
    });
  });
});

describe('one annotation of a tool', () => {
  const task = (id: string, instruction: string, annotation: object) => ({
    data: { winnow_id: id, prompt: instruction },
    annotations: [{ id: 31, lead_time: 5, result: [], ...annotation }],
  });
  const says = (text: string) => ({ result: [{ from_name: 'response', value: { text: [text] } }] });

  test('is one, whether its author is an address or a number, and is paid once', async () => {
    await waiting('two-forms', async (lab, campaign) => {
      const [{ id, instruction }] = lab.tasks(1) as [{ id: string; instruction: string }];
      const give = (name: string, annotation: object) =>
        campaign.importLabels(lab.write(name, JSON.stringify([task(id, instruction, annotation)])));
      const byAddress = { completed_by: { id: 4, email: 'ann@example.org' } };
      expect(await give('a.json', { ...byAddress, ...says('Yes.') })).toMatchObject({ accepted: 1 });
      const again = { accepted: 0, unchanged: 1, costMicroUsd: 0, agreement: null };
      expect(await give('b.json', { completed_by: 4, ...says('Yes.') })).toMatchObject(again);
      const later = { completed_by: 4, updated_at: '2026-01-01T00:00:00Z', ...says('Yes, sir.') };
      expect(await give('c.json', later)).toMatchObject({ accepted: 1, edited: 1, costMicroUsd: 0, agreement: null });
      expect(await give('d.json', { ...later, ...byAddress })).toMatchObject(again);
    });
  });

  test('of another person with the same number in another project is another one', async () => {
    await waiting('two-people', async (lab, campaign) => {
      const [{ id, instruction }] = lab.tasks(1) as [{ id: string; instruction: string }];
      const file = (name: string, who: string) =>
        lab.write(
          `${who}.json`,
          JSON.stringify([task(id, instruction, { completed_by: { email: who }, ...says(name) })]),
        );
      await campaign.importLabels(file('Yes.', 'ann@example.org'));
      expect(await campaign.importLabels(file('No.', 'ben@example.org'))).toMatchObject({ accepted: 1, edited: 0 });
    });
  });
});

test('a side field that cannot be read costs no answer, and is said', async () => {
  await waiting('side-fields', async (lab, campaign) => {
    const [a, b, c] = lab.tasks(1).map(({ id }) => id) as [string, string, string];
    const table = `id;response;seconds;submitted_at\n${a};One.;7,25;\n${b};Two.;2,0;1.2.2025\n${c};Three.;soon;2025-02-01 10:00:00+02\n`;
    const summary = await campaign.importLabels(lab.write('side.csv', table));
    expect(summary).toMatchObject({ accepted: 3, foreign: [] });
    expect(summary.warnings.map(({ place }) => place)).toEqual(['row 3', 'row 4']);
    const rows = lab.rows('SELECT seconds, submitted_at_ms AS atMs FROM annotation ORDER BY id');
    expect(rows).toEqual([
      { seconds: 7.25, atMs: null },
      { seconds: 2, atMs: null },
      { seconds: null, atMs: Date.UTC(2025, 1, 1, 8) },
    ]);
  });
});

test('an answer in another column is named, and read where the user says so', async () => {
  await waiting('column', async (lab, campaign) => {
    const [{ id, instruction }] = lab.tasks(1) as [{ id: string; instruction: string }];
    const file = lab.writeLabels([{ id, instruction, answer: 'Yes.' }]);
    const summary = await campaign.importLabels(file);
    expect(summary).toMatchObject({ accepted: 0, untouched: 0 });
    expect(summary.foreign).toEqual([{ place: 'line 1', cause: expect.stringContaining('its field "answer" is not') }]);
    expect(await campaign.importLabels(file, { answerField: 'answer' })).toMatchObject({ accepted: 1 });
    const named = lab.write('named.csv', `ID,Response ,Submitted At\n${id},No.,2030-01-01\n`);
    expect(await campaign.importLabels(named)).toMatchObject({ accepted: 1, edited: 1 });
  });
});
