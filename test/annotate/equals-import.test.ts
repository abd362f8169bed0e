import { expect, test } from 'vitest';
import type { AnnotationDesk } from '../../src/annotate/annotation-desk.ts';
import { type CampaignLab, isStep } from '../campaign/campaign-lab.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { atDesk, deskLab, NOON } from './desk-lab.ts';

const home = temporaryFolder();

const CONFIG = {
  labels: { heldOutShare: 0.3, perMinuteUsd: 0.6, annotators: 1, overlap: 0.5 },
  rounds: { most: 2, seed: { strategy: 'random', count: 8 }, necessity: { count: 4, evaluate: 20, threshold: 8 } },
};

interface Word {
  readonly item: number;
  readonly annotator: string;
  readonly verdict: 'accepted' | 'rejected' | 'skipped';
  readonly response: string;
  readonly comment: string;
  readonly seconds: number;
}

/** Answers, a rejection, a skip, two people on one item, somebody who changes their mind. */
const WORDS: readonly Word[] = [
  ...[0, 1, 2, 3, 5, 7].map((item) => word(item, 'Ann', { response: `Größe ${item} 🦜\nand more  ` })),
  word(4, 'Ann', { verdict: 'rejected', comment: 'No question.' }),
  word(6, 'Ben', { verdict: 'skipped', comment: 'Not my field.' }),
  word(1, 'Ben', { response: 'Otherwise.' }),
  word(3, 'Ben', { verdict: 'rejected', comment: 'Bad.' }),
  word(5, 'Ben', { response: 'By Ben.' }),
  word(7, 'Ben', { response: 'By Ben too.' }),
  word(0, 'Ann', { response: 'Changed.', seconds: 95 }),
];

function word(item: number, annotator: string, about: Partial<Word>): Word {
  return { item, annotator, verdict: 'accepted', response: '', comment: '', seconds: 30 + item, ...about };
}

/** Everything but when it was written and where it came from. */
function labelsOf(lab: CampaignLab) {
  const { annotation, expense, expense_outcome, training_example, assignment } = lab.state();
  const timeless = (rows: unknown[] | undefined) =>
    rows!.map((row) => {
      const { created_at_ms: _, import_id: __, ...rest } = row as Record<string, unknown>;
      return rest;
    });
  const tables = { annotation, expense, expense_outcome, training_example, assignment };
  return Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, timeless(rows)]));
}

test('labels made here equal those that came back from another tool: the labels, their cost, what is trained on, the status', async () => {
  const here = await deskLab(home, 'made-here', CONFIG);
  const there = await deskLab(home, 'made-there', CONFIG);
  const ids = here.tasks(1).map(({ id }) => id);
  expect(there.tasks(1).map(({ id }) => id)).toEqual(ids);

  await atDesk(here, async (desk, clock) => {
    for (const { item, annotator, ...said } of WORDS) {
      const number = numberOf(desk, ids[item]!);
      const { writing } = desk.open(annotator, number);
      await clock.advance(120_000);
      desk.submit(annotator, number, { ...said, revision: writing.revision });
    }
  });

  const records = WORDS.map(({ item, seconds, response, verdict, ...said }, index) => ({
    ...said,
    id: ids[item],
    seconds,
    response,
    verdict: verdict.replace(/ed$/, '').replace('skipp', 'skip'),
    submitted_at: new Date(NOON + 120_000 * (index + 1)).toISOString(),
  }));
  const finish = async (lab: CampaignLab, files: readonly string[]) =>
    lab.work(async (campaign) => {
      for (const file of files) await campaign.importLabels(file);
      await lab.play(campaign, { until: isStep('train') });
      const { folder: _, ...status } = await campaign.status();
      return status;
    });
  const [statusHere, statusThere] = [
    await finish(here, []),
    await finish(
      there,
      records.map((record) => there.writeLabels([record])),
    ),
  ];
  expect(labelsOf(here)).toEqual(labelsOf(there));
  expect(labelsOf(here).annotation).toHaveLength(WORDS.length);
  expect(labelsOf(here).training_example!.length).toBeGreaterThan(0);
  expect(statusHere).toEqual(statusThere);
  expect(here.read('rounds/1/training/train.json')).toBe(there.read('rounds/1/training/train.json'));
});

function numberOf(desk: AnnotationDesk, id: string): number {
  return desk.list('Zoe', { filter: 'all', search: id, offset: 0, limit: 1 }).items[0]!.number;
}
