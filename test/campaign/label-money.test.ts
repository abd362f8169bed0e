import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab } from './campaign-lab.ts';

const home = temporaryFolder();
let number = 0;

const ITEMS = 5;
const said = fc.record({
  item: fc.nat(ITEMS - 1),
  annotator: fc.constantFrom('ann', 'bob', undefined),
  what: fc.constantFrom({ response: 'red' }, { response: 'blue' }, { verdict: 'reject' }, { verdict: 'skip' }),
  seconds: fc.constantFrom(undefined, 0, 30, 90, 100_000),
  submitted_at: fc.constantFrom(undefined, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
});
const campaigns = fc.record({
  files: fc.array(fc.array(said, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
  paid: fc.constantFrom({ perLabelUsd: 0.25 }, { perMinuteUsd: 0.5, mostMinutes: 2 }, {}),
  annotators: fc.integer({ min: 1, max: 2 }),
  winner: fc.constantFrom('latest', 'first'),
  goOnAfter: fc.nat(4),
});

interface Row {
  readonly position: number;
  readonly cost: number;
}

test('for any answers in any order: each is paid once, each item counts once, and importing again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(campaigns, async ({ files, paid, annotators, winner, goOnAfter }) => {
      number += 1;
      const lab = new CampaignLab(home, `money-${number}`, {
        labels: { ...paid, annotators, winner, heldOutShare: 0 },
        rounds: { most: 1, seed: { strategy: 'random', count: ITEMS }, necessity: { count: 1, evaluate: 1 } },
      });
      await lab.work(async (campaign) => {
        await campaign.run();
        const ids = lab.tasks(1).map(({ id }) => id);
        const paths = files.map((file) =>
          lab.writeLabels(file.map(({ item, what, ...rest }) => ({ id: ids[item], ...what, ...rest }))),
        );
        let told = 0;
        for (const [index, path] of paths.entries()) {
          if (index === goOnAfter) await campaign.waitForLabels({ goOn: true });
          told += (await campaign.importLabels(path)).costMicroUsd;
        }
        if (goOnAfter >= paths.length) await campaign.waitForLabels({ goOn: true });

        const { labels, spending } = await campaign.status();
        const rows = lab.rows<Row>('SELECT position, cost_micro_usd AS cost FROM annotation');
        expect(told).toBe(rows.reduce((sum, { cost }) => sum + cost, 0));
        // Nothing is open after the round was gone on from: all that was said is settled.
        expect(spending.labels).toMatchObject({ settledMicroUsd: told, reservedMicroUsd: 0, reservedLabels: 0 });
        expect(labels.labeled + labels.rejected + labels.skipped).toBe(new Set(rows.map((row) => row.position)).size);
        // A label that was taken back was made all the same.
        expect(spending.labels.settledLabels).toBeGreaterThanOrEqual(labels.labeled);
        expect(spending.labels.settledLabels).toBeLessThanOrEqual(ITEMS);
        const voices = lab.rows<{ cost: number }>(
          'SELECT sum(cost_micro_usd) AS cost FROM annotation GROUP BY position, annotator',
        );
        const most = 'perLabelUsd' in paid ? 250_000 : 'perMinuteUsd' in paid ? 1_000_000 : 0;
        for (const { cost } of voices) expect(cost).toBeLessThanOrEqual(most);

        const before = lab.state();
        for (const path of [...paths].reverse()) {
          expect(await campaign.importLabels(path)).toMatchObject({ accepted: 0, costMicroUsd: 0 });
        }
        expect(lab.state()).toEqual(before);
      });
    }),
    { numRuns: 20, seed: 11 },
  );
});
