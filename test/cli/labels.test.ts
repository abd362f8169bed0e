import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BRIDGES } from '../../src/labels/registry.ts';
import { type LabelStudio, LEGACY_TOKEN, startLabelStudio } from '../support/label-studio-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { answerTo, asLines, CONFIG, campaignLab, readLines } from './campaign-lab.ts';

const root = temporaryFolder();

let studio: LabelStudio | undefined;
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

describe('winnow export', () => {
  const lab = campaignLab(root, 'export');

  it('says that nothing is chosen yet, as import does', async () => {
    for (const args of [['export'], ['import', 'pool.jsonl']]) {
      const { code, stderr } = await lab.winnow(...args);
      expect(code).toBe(1);
      expect(stderr).toContain('No round has selected instructions yet.');
    }
    expect((await lab.winnow('run')).code).toBe(3);
  });

  it.each(BRIDGES.names)('writes tasks for %s and says on standard error how to set it up', async (tool) => {
    const { code, stdout, stderr } = await lab.winnow('export', '--to', tool, '-o', `for-${tool}.txt`);
    expect(code).toBe(0);
    expect(stdout).toBe(`Wrote 6 tasks for ${tool} to for-${tool}.txt\n`);
    expect(stderr.split('\n').length).toBeGreaterThan(3);
    for (const { instruction } of lab.tasks(1)) expect(lab.read(`for-${tool}.txt`)).toContain(String(instruction));
  });

  it('prints what it wrote as JSON', async () => {
    const { stdout } = await lab.winnow('export', '--round', '1', '--to', 'csv', '--json');
    expect(JSON.parse(stdout)).toEqual({ path: 'rounds/1/tasks.csv', tool: 'csv', tasks: 6, drafts: 0 });
    expect(existsSync(join(lab.folder, 'rounds/1/tasks.csv'))).toBe(true);
  });

  it('does not overwrite a file that a person may have edited, unless --force is given', async () => {
    const untouched = lab.read('rounds/1/tasks.jsonl');
    expect((await lab.winnow('export')).code).toBe(0);
    const worked = untouched.replace('"response":""', '"response":"An hour of work."');
    lab.write('rounds/1/tasks.jsonl', worked);
    const { code, stderr } = await lab.winnow('export');
    expect(code).toBe(1);
    expect(stderr).toContain('rounds/1/tasks.jsonl already exists and has other content');
    expect(lab.read('rounds/1/tasks.jsonl')).toBe(worked);
    expect((await lab.winnow('export', '--force')).code).toBe(0);
    expect(lab.read('rounds/1/tasks.jsonl')).toBe(untouched);
  });

  it('never overwrites a file that the campaign reads, even with --force', async () => {
    for (const file of ['pool.jsonl', 'winnow.yaml', 'winnow.db']) {
      const { code, stderr } = await lab.winnow('export', '-o', file, '--force');
      expect(code).toBe(2);
      expect(stderr).toContain(`--output ${file} would overwrite`);
    }
    expect(lab.read('winnow.yaml')).toBe(CONFIG);
  });

  it('knows no round that was not chosen', async () => {
    const { code, stderr } = await lab.winnow('export', '--round', '7');
    expect(code).toBe(1);
    expect(stderr).toContain('There is no round 7; the last is 1.');
  });

  it('says that no server is configured to push to or pull from', async () => {
    for (const args of [
      ['export', '--push'],
      ['import', '--pull'],
    ]) {
      const { code, stderr } = await lab.winnow(...args);
      expect(code).toBe(1);
      expect(stderr).toContain('No annotation server is configured.');
    }
  });
});

describe('winnow export --training', () => {
  const lab = campaignLab(root, 'training');
  beforeAll(async () => {
    await lab.winnow('run');
    lab.label(1, 'done.jsonl');
    await lab.winnow('import', 'done.jsonl');
  });

  it.each([
    ['alpaca', ['held-out.json', 'train.json']],
    ['llama-factory', ['dataset_info.json', 'held-out.json', 'train.json']],
    ['parquet', ['data/test-00000-of-00001.parquet', 'data/train-00000-of-00001.parquet']],
  ])('writes %s into a folder of its own and names the files', async (format, files) => {
    const { code, stdout } = await lab.winnow('export', '--training', format, '--json');
    expect(code).toBe(0);
    const exported = JSON.parse(stdout);
    expect(exported).toMatchObject({ format, folder: join(lab.folder, `training-${format}`), examples: 4, heldOut: 2 });
    expect([...exported.files].sort()).toEqual(files);
    for (const file of files) expect(existsSync(join(exported.folder, file))).toBe(true);
    // Written again it is the same.
    expect((await lab.winnow('export', '--training', format)).code).toBe(0);
  });

  it('warns where there is too little to train on', async () => {
    const few = await lab.winnow('export', '--training', 'openai');
    expect(few.code).toBe(0);
    expect(few.stderr).toContain('OpenAI fine-tuning needs at least 10 examples, but there are only 4.');
    const none = await campaignLab(root, 'nothing labeled').winnow('export', '--training', 'alpaca', '-o', 'x');
    expect(none.stderr).toContain('There are no labels to train on yet');
  });

  it('writes every label with its details, and training data with ids', async () => {
    const written = await lab.winnow('export', '--labels', 'all.csv');
    expect(written.stdout).toMatch(/^Wrote \d+ labels to all\.csv\n/);
    expect(lab.read('all.csv')).toMatch(/^"?id"?,instruction,input,messages,response,verdict,/);
    const again = await lab.winnow('export', '--labels', 'all.csv');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('all.csv already exists.') });
    const both = await lab.winnow('export', '--labels', 'b.csv', '--training', 'alpaca');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be used with --training') });
    await lab.winnow('export', '--training', 'alpaca', '--with-ids', '-o', 'with-ids');
    expect(JSON.parse(lab.read('with-ids/train.json'))[0].id).toEqual(expect.any(String));
  });

  it('says that there are no corrections, and refuses what does not go together', async () => {
    const none = await lab.winnow('export', '--corrections', 'preference');
    expect(none).toMatchObject({ code: 0, stderr: expect.stringContaining('There are no corrections') });
    expect(none.stdout).toContain(`Wrote 0 corrections to train on:\n  ${join(lab.folder, 'corrections-preference')}`);
    const both = await lab.winnow('export', '--corrections', 'ratings', '--training', 'alpaca');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be used with --corrections') });
    const unknown = await lab.winnow('export', '--corrections', 'dpo');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('openai-preference') });
  });

  it('does not overwrite an existing LLaMA-Factory index, unless --force is given', async () => {
    mkdirSync(join(lab.folder, 'data'));
    lab.write('data/dataset_info.json', '{"theirs": {}}');
    const { code, stderr } = await lab.winnow('export', '--training', 'llama-factory', '-o', 'data');
    expect(code).toBe(1);
    expect(stderr).toContain('data already contains dataset_info.json.');
    expect(lab.read('data/dataset_info.json')).toBe('{"theirs": {}}');
    const forced = await lab.winnow('export', '--training', 'llama-factory', '-o', 'data', '--force');
    expect(forced.stdout).toMatch(/^Wrote 4 labels to train on, and 2 held out:\n {2}data\/train\.json\n/);
  });
});

describe('winnow import', () => {
  const lab = campaignLab(root, 'import', {
    config: CONFIG.replace('perLabelUsd: 0.123457', 'perMinuteUsd: 0.6, mostMinutes: 5'),
  });
  let ids: string[] = [];
  beforeAll(async () => {
    await lab.winnow('run');
    ids = lab.tasks(1).map(({ id }) => String(id));
  });
  const label = (index: number, fields: object = {}) => ({
    id: ids[index],
    response: 'Yes.',
    annotator: 'a',
    ...fields,
  });

  it('lists everything that it cannot take in, first of each kind, and takes in the rest', async () => {
    const unselected = readLines(lab.read('pool.jsonl')).find(({ id }) => !ids.includes(String(id)))!.id;
    lab.write(
      'mixed.jsonl',
      `${asLines([
        label(0, { seconds: 60 }),
        label(1),
        label(2, { verdict: 'reject' }),
        label(3, { verdict: 'draft' }),
        label(4, { response: '' }),
        ...['x1', 'x2', 'x3', 'x4', 'x5'].map((id) => ({ ...label(0), id })),
        { ...label(0), id: unselected },
      ])}not JSON\n`,
    );
    const { code, stdout } = await lab.winnow('import', 'mixed.jsonl');
    expect(code).toBe(0);
    expect(stdout).toContain('Imported 2 answers, 1 rejection from mixed.jsonl (jsonl)');
    expect(stdout).toMatch(/drafts +1 not submitted, not imported/);
    expect(stdout).toMatch(/untouched +1 without an answer/);
    expect(stdout).toContain('5 ids not found in any pool file, not imported: x1, x2, x3, … and 2 more');
    expect(stdout).toContain(`1 id not selected in any round, not imported: ${unselected}`);
    expect(stdout).toMatch(/1 record could not be read as labels:\n +line 12: it is not valid JSON/);
    // A minute, and two answers of unknown time at five minutes each.
    expect(stdout).toMatch(/cost +\$6\.60/);
    expect(stdout).toMatch(/no time +2 paid for labels\.mostMinutes/);
    expect(stdout).toMatch(/awaited +3 labels/);
    expect(stdout).toContain('next  winnow annotate: 3 labels are awaited');
  });

  it('takes in the same again as nothing new, and an edit as one', async () => {
    lab.write('first.jsonl', asLines([label(0, { seconds: 60 })]));
    const same = await lab.winnow('import', 'first.jsonl');
    expect(same.code).toBe(0);
    expect(same.stdout).toContain('Nothing new from first.jsonl');
    expect(same.stdout).toMatch(/unchanged +1 already imported/);
    lab.write('edited.jsonl', asLines([label(0, { response: 'No!' })]));
    expect((await lab.winnow('import', 'edited.jsonl')).stdout).toMatch(/edited +1 of them/);
  });

  it('takes in several files, reports the agreement of several people, and each file as JSON', async () => {
    lab.write('ben.csv', `id,response,annotator\n${ids[0]},No!,ben\n`);
    lab.write('cleo.jsonl', asLines([label(1, { annotator: 'cleo', verdict: 'reject' })]));
    const { code, stdout } = await lab.winnow('import', 'ben.csv', 'cleo.jsonl', '--json');
    expect(code).toBe(0);
    const { imported, unread, command } = JSON.parse(stdout);
    expect(imported).toMatchObject([
      { source: 'ben.csv', tool: 'csv', accepted: 1, agreement: { items: 1, wordF1: 1, disputed: 0 } },
      { source: 'cleo.jsonl', tool: 'jsonl', rejected: 1, agreement: { items: 1, disputed: 1 } },
    ]);
    expect(unread).toEqual([]);
    expect(command.line).toBe('winnow annotate');
    const { stdout: status } = await lab.winnow('status');
    expect(status).toMatch(
      /agreement +100 % of words shared, over 1 item; 1 item answered by one and\s+rejected by another/,
    );
  });

  it('names files it cannot read, takes in the others all the same, and ends with exit code 1', async () => {
    lab.write('broken.json', '[{"id": "q00", "resp');
    lab.write('table.csv', 'name,age\nx,1\n');
    lab.write('good.jsonl', asLines([label(4)]));
    const { code, stdout, stderr } = await lab.winnow('import', 'broken.json', 'gone.json', 'table.csv', 'good.jsonl');
    expect(code).toBe(1);
    expect(stderr).toContain('"broken.json" is neither JSON nor JSON Lines');
    expect(stderr).toContain('gone.json cannot be read: there is no such file.');
    expect(stderr).toContain('Say which tool wrote it with --from: label-studio');
    expect(stdout).toContain('Imported 1 answer from good.jsonl');
    const json = JSON.parse((await lab.winnow('import', 'gone.json', '--json')).stdout);
    expect(json.unread).toMatchObject([{ source: 'gone.json', error: { code: 'LABELS_FAILED' } }]);
  });

  it('ends with exit code 1 for a file of which nothing is of use', async () => {
    lab.write('strangers.jsonl', asLines([{ ...label(0), id: 'x1' }]));
    expect((await lab.winnow('import', 'strangers.jsonl')).code).toBe(1);
    const forced = await lab.winnow('import', 'strangers.jsonl', '--from', 'label-studio');
    expect(forced.code).toBe(1);
    expect(forced.stdout).toContain('1 record could not be read as labels');
  });
});

describe('an annotation tool over HTTP', () => {
  it('is pushed to by the export step, and pulled from by next and import --pull', async () => {
    studio = await startLabelStudio();
    const lab = campaignLab(root, 'served', {
      config: CONFIG.replace(/^labels: \{/m, `labels: { tool: label-studio, url: '${studio.url}', project: tries,`),
      environment: { LABEL_STUDIO_API_KEY: LEGACY_TOKEN },
    });
    const run = await lab.winnow('run');
    expect(run.stdout).toContain(`pushed 6 to ${studio.url}/projects/`);
    expect(run.stderr).not.toContain('TextArea');
    expect(run.code).toBe(3);
    expect((await lab.winnow('export', '--push')).stdout).toMatch(/^Pushed 0 to \S+ \(6 were already there\)\n$/);
    expect(JSON.parse((await lab.winnow('export', '--push', '--json')).stdout)).toMatchObject({
      created: 0,
      present: 6,
    });

    const items = studio.tasks.map(({ data }) => ({ id: String(data.winnow_id), prompt: String(data.prompt) }));
    for (const { id, prompt } of items.slice(0, 2)) studio.annotate(id, { text: answerTo(prompt), seconds: 30 });
    const pulled = await lab.winnow('import', '--pull');
    expect(pulled.stdout).toContain(`Imported 2 answers from ${studio.url} (label-studio)`);
    expect(pulled.stdout).toMatch(/untouched +4 without an answer/);
    for (const { id, prompt } of items.slice(2)) studio.annotate(id, { text: answerTo(prompt), seconds: 30 });
    const next = await lab.winnow('next');
    expect(next.code).toBe(0);
    expect(next.stdout).toContain('Labels are in: 6 labeled');
    expect(next.stdout).toContain(`Imported 4 answers from ${studio.url}`);
    expect(`${run.stdout}${run.stderr}${pulled.stdout}${next.stdout}`).not.toContain(LEGACY_TOKEN);
  });

  it('that cannot be reached is an error that says so, and nothing is lost', async () => {
    const lab = campaignLab(root, 'unserved', {
      config: CONFIG.replace(/^labels: \{/m, "labels: { tool: label-studio, url: 'http://127.0.0.1:9',"),
    });
    const { code, stderr } = await lab.winnow('run');
    expect(code).toBe(1);
    expect(stderr).toContain('LABEL_STUDIO_API_KEY');
    expect((await lab.winnow('status')).stdout).toMatch(/labels +0 labeled, 6 awaited/);
  });
});
