import { expect, test } from 'vitest';
import type { AnnotationDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { type CampaignLab, isStep } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
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

/** Everything but when it was written, where it came from, and what is not told by every tool. */
function labelsOf(lab: CampaignLab, untold: readonly string[]) {
  const { annotation, expense, expense_outcome, training_example, assignment } = lab.state();
  const tables = { annotation, expense, expense_outcome, training_example, assignment };
  const isTold = ([column]: [string, unknown]) => !['created_at_ms', 'import_id', ...untold].includes(column);
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [
      name,
      rows!.map((row) => Object.fromEntries(Object.entries(row as object).filter(isTold))),
    ]),
  );
}

interface Told extends Word {
  readonly id: string;
  readonly at: string;
}

function plainRecord({ item: _, verdict, at, ...said }: Told) {
  return { ...said, verdict: { accepted: 'accept', rejected: 'reject', skipped: 'skip' }[verdict], submitted_at: at };
}

function labelStudioTask({ id, annotator, verdict, response, seconds, at, item }: Told) {
  const said =
    verdict === 'accepted'
      ? { from_name: 'response', to_name: 'prompt', type: 'textarea', value: { text: [response] } }
      : { from_name: 'verdict', to_name: 'prompt', type: 'choices', value: { choices: ['reject'] } };
  const times = { lead_time: seconds, created_at: at, updated_at: at };
  const result = verdict === 'skipped' ? [] : [said];
  const who = { id: item, completed_by: { email: annotator } };
  return { data: { winnow_id: id }, annotations: [{ ...who, was_cancelled: verdict === 'skipped', result, ...times }] };
}

test.each([
  // Label Studio numbers its annotations, and has no place for a reason.
  { tool: 'label-studio', record: labelStudioTask, untold: ['key', 'source_id', 'comment'] },
  { tool: 'jsonl', record: plainRecord, untold: [] },
])(
  'labels made here equal those that came back from $tool: their words, cost, what is trained on, the status',
  async ({ tool, record, untold }) => {
    const here = await deskLab(home, `made-here-not-${tool}`, CONFIG);
    const there = await deskLab(home, `made-in-${tool}`, CONFIG);
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

    const files = WORDS.map((said, index) => {
      const at = new Date(NOON + 120_000 * (index + 1)).toISOString();
      return there.writeLabels([record({ ...said, id: ids[said.item]!, at })]);
    });
    const finish = async (lab: CampaignLab, files: readonly string[]) =>
      lab.work(async (campaign) => {
        for (const file of files)
          expect(await campaign.importLabels(file)).toMatchObject({ tool, read: 1, unchanged: 0 });
        await lab.play(campaign, { until: isStep('train') });
        const { folder: _, ...status } = await campaign.status();
        return status;
      });
    const [statusHere, statusThere] = [await finish(here, []), await finish(there, files)];
    expect(labelsOf(here, untold)).toEqual(labelsOf(there, untold));
    expect(labelsOf(here, untold).annotation).toHaveLength(WORDS.length);
    expect(labelsOf(here, untold).training_example!.length).toBeGreaterThan(0);
    expect(statusHere).toEqual(statusThere);
    expect(here.read('rounds/1/training/train.json')).toBe(there.read('rounds/1/training/train.json'));
  },
);

function numberOf(desk: AnnotationDesk, id: string): number {
  return desk.list('Zoe', { filter: 'all', search: id, offset: 0, limit: 1 }).items[0]!.number;
}
