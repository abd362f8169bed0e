import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { TRAINING_FORMATS } from '../../src/labels/training/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
let number = 0;

interface Assigned {
  readonly id: string;
  readonly held: 0 | 1;
}

/** What each format trains on, as one text. */
async function trainingText(folder: string, format: string): Promise<string> {
  if (format !== 'parquet') {
    const name = format === 'openai' || format === 'prompt-completion' ? 'train.jsonl' : 'train.json';
    return readFileSync(join(folder, name), 'utf8');
  }
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, 'data/train-00000-of-00001.parquet'));
  const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  return JSON.stringify(await parquetReadObjects({ file }));
}

function assignments(lab: CampaignLab): Assigned[] {
  return lab.rows(
    'SELECT item.id, held_out AS held FROM assignment JOIN item USING (position) ORDER BY assignment.position',
  );
}

/** Each response says whose it is, so that one is found wherever it goes. */
function markOf(id: string): string {
  return `[label of ${id}]`;
}

test('what is held out is in no training file of any round and in no export, over random campaigns', async () => {
  const campaign = fc.record({
    seed: fc.nat(1000),
    heldOutShare: fc.constantFrom(0.1, 0.3, 0.5, 0.75),
    first: fc.integer({ min: 4, max: 12 }),
    later: fc.integer({ min: 2, max: 8 }),
    seedStrategy: fc.constantFrom('random', 'k-center', 'k-means'),
    select: fc.constantFrom('cover', 'random'),
    silent: fc.integer({ min: 2, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(campaign, async ({ seed, heldOutShare, first, later, seedStrategy, select, silent }) => {
      number += 1;
      const lab = new CampaignLab(home, `random-${number}`, {
        seed,
        labels: { heldOutShare },
        rounds: {
          most: 3,
          seed: { strategy: seedStrategy, count: first },
          necessity: { count: later, evaluate: 40, threshold: 9.5, select },
        },
      });
      await lab.work(async (opened) => {
        for (;;) {
          const result = await opened.next();
          if (result.step === 'stop') break;
          if (result.step === 'export') await opened.exportTrainingData('alpaca', lab.path(`early-${result.round}`));
          if (result.done) continue;
          const round = result.round;
          // Some answer late: labels come on both sides of a training.
          const say = ({ id }: { id: string }, index: number) =>
            (index + 1) % silent === 0 ? {} : { response: markOf(id) };
          await opened.importLabels(lab.annotate(round, say));
          await opened.waitForLabels({ goOn: true });
          await opened.train();
          await opened.importLabels(lab.annotate(round, ({ id }) => ({ response: `${markOf(id)} late` })));
        }
        const heldOut = assignments(lab).filter(({ held }) => held === 1);
        const trained = assignments(lab).filter(({ held }) => held === 0);
        expect(heldOut.length).toBeGreaterThan(0);
        const marks = heldOut.map(({ id }) => markOf(id));
        const texts = [1, 2, 3].map((round) => lab.read(`rounds/${round}/training/train.json`));
        for (const format of TRAINING_FORMATS.names) {
          const exported = await opened.exportTrainingData(format, lab.path(`out/${format}`));
          expect(exported).toMatchObject({ format, examples: trained.length, heldOut: heldOut.length });
          const text = await trainingText(lab.path(`out/${format}`), format);
          for (const { id } of trained) expect(text).toContain(markOf(id));
          texts.push(text);
        }
        for (const text of texts) expect(marks.filter((mark) => text.includes(mark))).toEqual([]);
        const trainedOn = lab.rows<{ position: number }>('SELECT DISTINCT position FROM training_example');
        const held = lab.rows<{ position: number }>('SELECT position FROM assignment WHERE held_out = 1');
        expect(trainedOn.filter(({ position }) => held.some((one) => one.position === position))).toEqual([]);
      });
    }),
    { numRuns: 5, seed: 3 },
  );
});

describe('an export', () => {
  const lab = new CampaignLab(home, 'export', {});

  test('of training data gives the same files again, byte for byte, and changes nothing', async () => {
    await lab.work((campaign) => lab.play(campaign, { until: isStep('find-failures') }));
    await lab.work(async (campaign) => {
      for (const format of TRAINING_FORMATS.names) {
        const first = await campaign.exportTrainingData(format, lab.path(`first/${format}`));
        const before = lab.state();
        const again = await campaign.exportTrainingData(format, lab.path(`again/${format}`));
        expect(lab.state()).toEqual(before);
        expect(again).toEqual({ ...first, folder: lab.path(`again/${format}`) });
        for (const name of first.files) {
          expect(readFileSync(lab.path(`again/${format}/${name}`))).toEqual(
            readFileSync(lab.path(`first/${format}/${name}`)),
          );
        }
      }
    });
  });

  test('of tasks gives the same file again, for every round that has any, and in every form', async () => {
    await lab.work((campaign) => lab.play(campaign, { until: isStep('export', 2) }));
    await lab.work(async (campaign) => {
      const before = lab.state();
      for (const round of [1, 2]) {
        const file = lab.read(lab.tasksFile(round));
        expect(await campaign.exportTasks({ round })).toMatchObject({ tasks: round === 1 ? 8 : 6 });
        expect(lab.read(lab.tasksFile(round))).toBe(file);
        for (const tool of ['label-studio', 'argilla', 'prodigy', 'doccano', 'csv'] as const) {
          const first = await campaign.exportTasks({ round, tool });
          const text = lab.read(first.path);
          expect(await campaign.exportTasks({ round, tool })).toEqual(first);
          expect(lab.read(first.path)).toBe(text);
        }
      }
      expect(readdirSync(lab.path('rounds/2'))).toHaveLength(6);
      expect(lab.state()).toEqual(before);
    });
  });

  test('of tasks replaces no file with work in it, unless asked to', async () => {
    await lab.work(async (campaign) => {
      const path = lab.annotate(2);
      await expect(campaign.exportTasks({ path })).rejects.toThrow('already exists and has other content');
      expect(await campaign.exportTasks({ path, replace: true })).toMatchObject({ tasks: 6 });
      expect(readFileSync(path, 'utf8')).toBe(lab.read(lab.tasksFile(2)));
    });
  });

  test('of tasks as a step replaces none either: a new campaign in an old folder may find labels there', async () => {
    const fresh = new CampaignLab(home, 'fresh');
    mkdirSync(fresh.path('rounds/1'), { recursive: true });
    const worked = fresh.write(fresh.tasksFile(1), '{"id":"some","response":"An hour of work."}');
    await fresh.work(async (campaign) => {
      await expect(campaign.run()).rejects.toThrow('rounds/1/tasks.jsonl already exists and has other content');
      expect(readFileSync(worked, 'utf8')).toContain('An hour of work.');
      await campaign.exportTasks({ replace: true });
      expect(await campaign.next()).toMatchObject({ step: 'export', done: true });
    });
  });

  test('of the tasks of a round that there is not is an error that says which there are', async () => {
    await lab.work(async (campaign) => {
      for (const round of [0, -1, 3]) {
        await expect(campaign.exportTasks({ round })).rejects.toThrow(`There is no round ${round}; the last is 2.`);
      }
      await expect(campaign.pushTasks()).rejects.toThrow('No annotation server is configured.');
    });
  });
});
