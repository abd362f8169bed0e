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

interface Label {
  readonly item: number;
  readonly annotator: string;
  readonly verdict: 'accepted' | 'rejected' | 'skipped';
  readonly response: string;
  readonly comment: string;
  readonly seconds: number;
}

/** Answers, a rejection, a skip, two people on one item, and an answer that is changed later. */
const LABELS: readonly Label[] = [
  ...[0, 1, 2, 3, 5, 7].map((item) => label(item, 'Ann', { response: `Größe ${item} 🦜\nand more  ` })),
  label(4, 'Ann', { verdict: 'rejected', comment: 'No question.' }),
  label(6, 'Ben', { verdict: 'skipped', comment: 'Not my field.' }),
  label(1, 'Ben', { response: 'Otherwise.' }),
  label(3, 'Ben', { verdict: 'rejected', comment: 'Bad.' }),
  label(5, 'Ben', { response: 'By Ben.' }),
  label(7, 'Ben', { response: 'By Ben too.' }),
  label(0, 'Ann', { response: 'Changed.', seconds: 95 }),
];

function label(item: number, annotator: string, about: Partial<Label>): Label {
  return { item, annotator, verdict: 'accepted', response: '', comment: '', seconds: 30 + item, ...about };
}

/** All label data except when it was written, where it came from, and what not every tool exports. */
function labelsOf(lab: CampaignLab, notExported: readonly string[]) {
  const { annotation, expense, expense_outcome, training_example, assignment } = lab.state();
  const tables = { annotation, expense, expense_outcome, training_example, assignment };
  const isCompared = ([column]: [string, unknown]) => !['created_at_ms', 'import_id', ...notExported].includes(column);
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [
      name,
      rows!.map((row) => Object.fromEntries(Object.entries(row as object).filter(isCompared))),
    ]),
  );
}

interface ExportedLabel extends Label {
  readonly id: string;
  readonly at: string;
}

function plainRecord({ item: _, verdict, at, ...fields }: ExportedLabel) {
  return { ...fields, verdict: { accepted: 'accept', rejected: 'reject', skipped: 'skip' }[verdict], submitted_at: at };
}

function labelStudioTask({ id, annotator, verdict, response, seconds, at, item }: ExportedLabel) {
  const value =
    verdict === 'accepted'
      ? { from_name: 'response', to_name: 'prompt', type: 'textarea', value: { text: [response] } }
      : { from_name: 'verdict', to_name: 'prompt', type: 'choices', value: { choices: ['reject'] } };
  const times = { lead_time: seconds, created_at: at, updated_at: at };
  const result = verdict === 'skipped' ? [] : [value];
  const who = { id: item, completed_by: { email: annotator } };
  return { data: { winnow_id: id }, annotations: [{ ...who, was_cancelled: verdict === 'skipped', result, ...times }] };
}

test.each([
  // Label Studio gives its annotations ids of its own and has no field for a reason.
  { tool: 'label-studio', record: labelStudioTask, notExported: ['key', 'source_id', 'comment'] },
  { tool: 'jsonl', record: plainRecord, notExported: [] },
])(
  'labels from the page equal imported labels from $tool: text, cost, training data and status',
  async ({ tool, record, notExported }) => {
    const here = await deskLab(home, `made-here-not-${tool}`, CONFIG);
    const there = await deskLab(home, `made-in-${tool}`, CONFIG);
    const ids = here.tasks(1).map(({ id }) => id);
    expect(there.tasks(1).map(({ id }) => id)).toEqual(ids);

    await atDesk(here, async (desk, clock) => {
      for (const { item, annotator, ...fields } of LABELS) {
        const number = numberOf(desk, ids[item]!);
        const { writing } = desk.open(annotator, number);
        await clock.advance(120_000);
        desk.submit(annotator, number, { ...fields, revision: writing.revision });
      }
    });

    const files = LABELS.map((label, index) => {
      const at = new Date(NOON + 120_000 * (index + 1)).toISOString();
      return there.writeLabels([record({ ...label, id: ids[label.item]!, at })]);
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
    expect(labelsOf(here, notExported)).toEqual(labelsOf(there, notExported));
    expect(labelsOf(here, notExported).annotation).toHaveLength(LABELS.length);
    expect(labelsOf(here, notExported).training_example!.length).toBeGreaterThan(0);
    expect(statusHere).toEqual(statusThere);
    expect(here.read('rounds/1/training/train.json')).toBe(there.read('rounds/1/training/train.json'));
  },
);

function numberOf(desk: AnnotationDesk, id: string): number {
  return desk.list('Zoe', { filter: 'all', search: id, offset: 0, limit: 1 }).items[0]!.number;
}
