import { copyFileSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { joinCampaignState, openCampaignState, viewCampaignState } from '../../src/store/campaign-state.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { campaignOptions } from './campaign-file.ts';

const folder = temporaryFolder();

/** A campaign of schema version 5: a failed training, one that was open, a plan of an evaluation, a figure. */
const CAMPAIGN = `
  INSERT INTO run VALUES (1, '{"campaign":"0123456789ab"}', '0.1.0', 5);
  INSERT INTO pool_file VALUES (1, 'pool.jsonl', 'hash', 2, 2, 0, 6);
  INSERT INTO item VALUES (0, 'a', 'ha', 1, 1, 'One', NULL, NULL, '{}'), (1, 'b', 'hb', 1, 2, 'Two', NULL, NULL, '{}');
  INSERT INTO label_import VALUES (1, 'labels.jsonl', 'jsonl', '{}', 7);
  INSERT INTO annotation VALUES
    (1, 'k1', 1, 0, 'accepted', 'yes', NULL, NULL, NULL, NULL, 0, NULL),
    (2, 'k2', 1, 1, 'accepted', 'no', NULL, NULL, NULL, NULL, 0, NULL);
  INSERT INTO step VALUES
    (1, 'select', '{}', 8), (1, 'begun-training-1', '{"train":[2,1],"heldOut":[]}', 9),
    (1, 'failed-training-1', '{"message":"out of memory"}', 10),
    (1, 'begun-training-2', '{"train":[2],"heldOut":[1]}', 11),
    (1, 'plan-evaluation', '{"positions":[1,0],"remaining":2,"leftOut":[0]}', 12),
    (0, 'report: clusters 1', '{"of":"AAE="}', 13), (0, 'report: near-duplicates 1', '{"count":0,"among":2}', 13), (1, 'export', '{"path":"tasks.jsonl"}', 14);
`;

function campaignOfVersion5(name: string): string {
  const path = folder.file(name);
  const old = openDatabase(path, MIGRATIONS.slice(0, 5));
  old.exec(CAMPAIGN);
  old.close();
  return path;
}

const OPENED = [
  ['opened', openCampaignState],
  ['joined', joinCampaignState],
  ['viewed', viewCampaignState],
] as const;

describe('a campaign of schema version 5', () => {
  it.each(OPENED)('has all of its tries, plans and figures when it is %s', (name, open) => {
    const state = open(campaignOfVersion5(`${name}.db`), campaignOptions())!;
    expect(state.trainings.currentTry(1)).toBe(2);
    expect(state.trainings.started(1)).toEqual({ train: [2], heldOut: [1] });
    expect(state.rounds.evaluationPlan(1)).toEqual({ positions: [1, 0], remaining: 2, leftOut: [0] });
    expect(state.figures.find('clusters 1', z.object({ of: z.string() }))).toEqual({ of: 'AAE=' });
    expect(state.rounds.stepsDone(1)).toEqual(['select', 'export']);
    expect(state.rounds.stepsDone(0)).toEqual([]);
    expect(state.key).toBe('0123456789ab');
    state.close();
  });

  it('keeps the times, messages and labels of every try', () => {
    const database = openDatabase(campaignOfVersion5('rows.db'));
    const rows = (table: string) => database.prepare(`SELECT * FROM ${table}`).raw().all();
    expect(rows('training_try')).toEqual([
      [1, 1, 9],
      [1, 2, 11],
    ]);
    expect(rows('training_failure')).toEqual([[1, 1, 'out of memory', 10]]);
    expect(rows('training_try_label')).toEqual([
      [1, 1, 0, 0, 2],
      [1, 1, 0, 1, 1],
      [1, 2, 0, 0, 2],
      [1, 2, 1, 0, 1],
    ]);
    expect(rows('evaluation_plan')).toEqual([[1, '[1,0]', 2, '[0]', 12]]);
    expect(rows('report_figure')).toEqual([
      ['clusters 1', '{"of":"AAE="}', 13],
      ['near-duplicates 1', '{"count":0,"compared":2}', 13],
    ]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
  });

  it('stays as it is when it is viewed, even while another process has it open', () => {
    const path = campaignOfVersion5('untouched.db');
    const writer = openDatabase(path, MIGRATIONS.slice(0, 5));
    // In the write-ahead log only.
    writer.exec("INSERT INTO stop VALUES (1, 1, 'budget', 'All labels are made.', 15)");
    const before = readFileSync(path);
    const viewed = viewCampaignState(path, campaignOptions());
    expect(viewed.rounds.lastStop()).toEqual({ rule: 'budget', message: 'All labels are made.', round: 1 });
    viewed.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(writer.pragma('user_version', { simple: true })).toBe(5);
    writer.close();
  });
});

describe('state files of winnow 0.1', () => {
  const made = (name: string) => new URL(`../fixtures/made-by-0.1/${name}`, import.meta.url);
  function copyOf(name: string): string {
    const path = folder.file(name.replaceAll('/', '-'));
    copyFileSync(made(name), path);
    return path;
  }

  it('have no rows left in step but those of steps', () => {
    const names = ['campaign-nearest/winnow.db', 'campaign-command/winnow.db', 'simulate/simulate.db'].flatMap(
      (name) => {
        const database = openDatabase(copyOf(name));
        const steps = database.prepare('SELECT DISTINCT name FROM step ORDER BY name').pluck().all();
        database.close();
        return steps;
      },
    );
    const steps = ['evaluate', 'export', 'find-failures', 'select', 'train', 'wait-for-labels'];
    expect([...new Set(names)].sort()).toEqual(steps);
  });

  it('know the training that was open when winnow was killed', () => {
    const state = viewCampaignState(copyOf('campaign-command/winnow.db'), campaignOptions());
    expect([state.trainings.currentTry(1), state.trainings.currentTry(2)]).toEqual([3, 1]);
    const { train = [], heldOut = [] } = state.trainings.started(2) ?? {};
    const known = new Set(state.labels.annotations().map(({ id }) => id));
    expect(train.length).toBeGreaterThan(0);
    expect([...train, ...heldOut].every((id) => known.has(id))).toBe(true);
    state.close();
  });

  it('know what the last report computed', () => {
    const state = viewCampaignState(copyOf('campaign-nearest/winnow.db'), campaignOptions());
    expect(state.rounds.evaluationPlan(1)?.positions.length).toBeGreaterThan(0);
    const database = openDatabase(copyOf('campaign-nearest/winnow.db'));
    expect(database.prepare('SELECT name FROM report_figure ORDER BY name').pluck().all()).toEqual([
      expect.stringMatching(/^clusters 1, of/),
      expect.stringMatching(/^near-duplicates 1, of/),
      expect.stringMatching(/^strangest 1, of/),
    ]);
    database.close();
    state.close();
  });
});
