import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { stringify as stringifyYaml } from 'yaml';
import { parseConfig } from '../../../src/campaign/config/load-config.ts';
import { POOL } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, necessityLab } from './desk-lab.ts';

const QUESTIONS = [
  { name: 'quality', kind: 'rating', ask: 'How good is the answer?' },
  { name: 'language', kind: 'choice', options: ['en', 'de'] },
  { name: 'faults', kind: 'choices', options: ['wrong', 'long'] },
  { name: 'best', kind: 'ranking', of: ['answer_a', 'answer_b', 'model'] },
  { name: 'errors', kind: 'span', of: 'instruction', labels: ['odd'] },
  { name: 'flaws', kind: 'span', labels: ['wrong'] },
  { name: 'remark', kind: 'text' },
];
const ANSWERS = {
  quality: 4,
  language: 'de',
  faults: ['wrong', 'long'],
  best: ['answer_b', 'answer_a'],
  errors: [{ start: 0, end: 3, label: 'odd' }],
  remark: 'Fine.',
};

describe('Questions of labels.questions', () => {
  const home = temporaryFolder();
  const askingLab = (name: string, labels: object = {}) =>
    deskLab(home, name, { labels: { heldOutShare: 0, questions: QUESTIONS, ...labels } }, (lab) => {
      const records = POOL.map((record) => ({ ...record, answer_a: `A ${record.id}`, answer_b: `B ${record.id}` }));
      lab.write('pool.jsonl', records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    });

  it('are asked where an item has the texts, checked, kept in drafts and labels, shown to the lead and exported', async () => {
    const lab = await askingLab('asked');
    const number = await atDesk(lab, (desk) => {
      const item = desk.next('Ann')!;
      // No model has answered yet: nothing to mark in its answer, and two answers to rank.
      expect(item.questions.map(({ name }) => name)).toEqual([
        'quality',
        'language',
        'faults',
        'best',
        'errors',
        'remark',
      ]);
      expect(item.questions[3]).toMatchObject({ answers: [{ name: 'answer_a' }, { name: 'answer_b' }] });
      const save = (answers: object) => desk.save('Ann', item.number, { ...answer(''), ...answers });
      expect(() => save({ answers: { quality: 6 } })).toThrow('Not a valid answer: quality.');
      expect(() => save({ answers: { flaws: [] } })).toThrow('Not a valid answer: flaws.');
      const { writing } = save({ answers: { language: 'de', quality: 4 } });
      expect(writing).toMatchObject({ answers: { quality: 4, language: 'de' }, submitted: false });
      expect(desk.open('Ann', item.number).state).toBe('draft');
      const { revision } = writing;
      const submit = (form: object) => desk.submit('Ann', item.number, { ...answer('Yes.', { revision }), ...form });
      expect(() => submit({ answers: { quality: 4, language: 'de' } })).toThrow('Not answered yet: best');
      submit({ answers: ANSWERS });
      // The same again changes nothing; another answer alone is a new label.
      desk.submit('Ann', item.number, { ...answer('Yes.', { revision: revision + 1 }), answers: ANSWERS });
      const changed = { ...ANSWERS, quality: 5 };
      desk.submit('Ann', item.number, { ...answer('Yes.', { revision: revision + 1 }), answers: changed });
      expect(desk.open('Ann', item.number).writing).toMatchObject({ answers: changed, submitted: true });
      expect(desk.labels.item(item.number).labels.map((label) => label.answers)).toEqual([ANSWERS, changed]);
      return item.number;
    });
    await atDesk(lab, (desk) => {
      const other = desk.next('Bo')!;
      expect(other.number).not.toBe(number);
      // What is skipped needs no answers.
      desk.submit('Bo', other.number, { ...answer(''), verdict: 'skipped' });
    });
    await lab.work(async (campaign) => {
      await campaign.exportLabels(lab.path('labels.jsonl'));
      await campaign.exportLabels(lab.path('labels.csv'));
      expect(await campaign.importLabels(lab.path('labels.jsonl'))).toMatchObject({ unchanged: 3, warnings: [] });
      expect(await campaign.importLabels(lab.path('labels.csv'))).toMatchObject({ unchanged: 3, warnings: [] });
    });
    const [first] = lab
      .read('labels.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first.answers).toEqual(ANSWERS);
    const [row] = parse(lab.read('labels.csv'), { columns: true, bom: true }) as Record<string, string>[];
    expect(row).toMatchObject({ 'answers.quality': '4', 'answers.best': 'answer_b | answer_a', 'answers.flaws': '' });
  });

  it('are in the labeling interface beside the tasks for Label Studio, and the answers come back, checked', async () => {
    const lab = await askingLab('studio', { tool: 'label-studio' });
    const config = lab.read('rounds/1/tasks.label-studio.xml');
    // A later round asks about the model's answer: the interface has it from the start.
    expect(config).toContain('<Labels name="flaws" toName="flaws_shown">');
    const tasks = JSON.parse(lab.read('rounds/1/tasks.label-studio.json')) as { data: { errors_shown: string } }[];
    const { errors_shown: shown } = tasks[0]!.data;
    const region = (from_name: string, value: object) => ({ from_name, value });
    const result = [
      region('response', { text: ['Yes.'] }),
      region('quality', { rating: 4 }),
      region('language', { choices: ['de'] }),
      region('best', { ranker: { best: ['answer_b', 'answer_a'] } }),
      region('errors', { start: 0, end: 3, text: shown.slice(0, 3), labels: ['odd'] }),
      region('faults', { choices: ['no such fault'] }),
    ];
    const done = [{ id: 1, ...tasks[0], annotations: [{ id: 5, completed_by: 2, result }] }];
    lab.write('done.json', JSON.stringify(done));
    await lab.work(async (campaign) => {
      const { accepted, warnings } = await campaign.importLabels(lab.path('done.json'));
      expect([accepted, warnings.map(({ cause }) => cause)]).toEqual([
        1,
        ['its answer to "faults" does not fit the question; it is ignored'],
      ]);
    });
    const [stored] = lab.rows<{ answers: string }>('SELECT answers FROM annotation');
    const { quality, language, best, errors } = ANSWERS;
    expect(JSON.parse(stored!.answers)).toEqual({ quality, language, best, errors });
  });

  it('ask about the model’s answer in necessity rounds', async () => {
    const questions = [{ name: 'flaws', kind: 'span', labels: ['wrong'] }];
    const lab = await necessityLab(home, 'flaws', { labels: { heldOutShare: 0.25, questions } });
    await atDesk(lab, (desk) => {
      const { questions: asked, failingAnswer } = desk.next('Ann')!;
      expect(asked).toMatchObject([{ kind: 'span', text: failingAnswer!.response, required: false }]);
    });
  });

  it.each(['jsonl', 'csv'])(
    'are in %s files to fill in, and come back from them; what does not fit costs itself',
    async (tool) => {
      const lab = await askingLab(`file-${tool}`, { tool });
      const path = `rounds/1/tasks.${tool}`;
      const content = lab.read(path);
      const rows: Record<string, unknown>[] =
        tool === 'csv'
          ? parse(content, { columns: true, bom: true })
          : content
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line));
      expect(rows[0]).toMatchObject({ 'question.quality': 'How good is the answer? (1 to 5)', 'answers.quality': '' });
      const filled = rows.map((row, at) => ({
        ...row,
        response: 'Yes.',
        'answers.quality': at === 1 ? '9' : '4',
        'answers.language': 'de',
        'answers.faults': 'long | wrong',
        'answers.best': '["answer_b","answer_a"]',
        'answers.errors': JSON.stringify(ANSWERS.errors),
        'answers.remark': 'Fine.',
      }));
      const text =
        tool === 'csv' ? stringify(filled, { header: true }) : filled.map((row) => JSON.stringify(row)).join('\n');
      lab.write(`filled.${tool}`, text);
      await lab.work(async (campaign) => {
        const summary = await campaign.importLabels(lab.path(`filled.${tool}`));
        expect(summary).toMatchObject({ accepted: 6 });
        expect(summary.warnings.map(({ cause }) => cause)).toEqual([
          'its answer to "quality" does not fit the question; it is ignored',
        ]);
      });
      const stored = lab
        .rows<{ answers: string }>('SELECT answers FROM annotation ORDER BY id')
        .map(({ answers }) => JSON.parse(answers));
      const { quality: _, ...others } = ANSWERS;
      expect(stored).toEqual([ANSWERS, others, ANSWERS, ANSWERS, ANSWERS, ANSWERS]);
    },
  );

  it.each([
    [[{ name: 'response', kind: 'text' }], 'names something else'],
    [[{ name: 'a b', kind: 'text' }], 'must be a small letter'],
    [
      [
        { name: 'a', kind: 'text' },
        { name: 'a', kind: 'rating' },
      ],
      'names an earlier question too',
    ],
    [[{ name: 'a', kind: 'rating', from: 5, to: 5 }], 'must be greater than from'],
    [[{ name: 'a', kind: 'choice', options: ['x', 'x'] }], 'must differ'],
    [[{ name: 'a', kind: 'choice', options: ['x|y', 'z'] }], 'must not contain'],
    [[{ name: 'a', kind: 'ranking', of: ['x'] }], 'labels.questions'],
  ])('are refused where they cannot work: %j', (questions, message) => {
    const text = stringifyYaml({ pool: { files: ['pool.jsonl'] }, labels: { questions } });
    expect(() => parseConfig(text, 'winnow.yaml')).toThrow(message);
  });

  it('name fields that records have', async () => {
    const questions = [{ name: 'best', kind: 'ranking', of: ['answer_x', 'answer_y'] }];
    const lab = deskLab(home, 'typo', { labels: { heldOutShare: 0, questions } });
    await expect(lab).rejects.toThrow('No record has a field "answer_x".');
  });
});
