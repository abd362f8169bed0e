import { expect, it } from 'vitest';
import type { LabelTask } from '../../src/domain/label.ts';
import type { Question } from '../../src/domain/questions.ts';
import { labelStudioBridge } from '../../src/labels/label-studio.ts';
import { decode, type Json } from './label-tasks.ts';

const base = { required: true };
const QUESTIONS: Question[] = [
  { ...base, name: 'quality', ask: 'Good & "true"?', kind: 'rating', from: 1, to: 5 },
  { ...base, name: 'tone', ask: 'tone', kind: 'rating', from: 0, to: 3 },
  { ...base, name: 'language', ask: 'language', kind: 'choice', options: ['en', '<de>'] },
  { ...base, name: 'faults', ask: 'faults', kind: 'choices', options: ['wrong', 'long'] },
  {
    ...base,
    name: 'best',
    ask: 'best',
    kind: 'ranking',
    answers: [
      { name: 'a', text: 'One' },
      { name: 'b', text: 'Two' },
    ],
  },
  { ...base, name: 'errors', ask: 'errors', kind: 'span', text: 'a🙂bc', labels: ['odd'] },
  { ...base, name: 'remark', ask: 'remark', kind: 'text' },
];
const about = { instruction: 'Say it.', round: 1, rank: 1, reason: 'r' };
const ASKED: LabelTask = { ...about, id: 'it_1', questions: QUESTIONS };
const NOT_ASKED: LabelTask = { ...about, id: 'it_2', rank: 2 };

it('Label Studio gets a control for each question, and all that its interface shows with every task', () => {
  const config = labelStudioBridge.interface!.encode([ASKED, NOT_ASKED], {});
  for (const line of [
    '<Header value="Good &amp; &quot;true&quot;?"/>',
    '<Rating name="quality" toName="prompt" maxRating="5"/>',
    '<Number name="tone" toName="prompt" min="0" max="3" step="1"/>',
    '<Choices name="language" toName="prompt" choice="single-radio">',
    '<Choice value="&lt;de&gt;"/>',
    '<Choices name="faults" toName="prompt" choice="multiple">',
    '<Ranker name="best" toName="best_shown"/>',
    '<Labels name="errors" toName="errors_shown">',
    '<TextArea name="remark" toName="prompt"',
  ]) {
    expect(config).toContain(line);
  }
  expect(config.trim().endsWith('</View>')).toBe(true);
  const tasks = JSON.parse(labelStudioBridge.encode([ASKED, NOT_ASKED])) as { data: Json }[];
  const variables = [...config.matchAll(/"\$(\w+)"/g)].map(([, name]) => name!);
  for (const { data } of tasks) expect(Object.keys(data)).toEqual(expect.arrayContaining(variables));
  expect(tasks[0]!.data).toMatchObject({
    best_shown: [
      { id: 'a', title: 'A', body: 'One' },
      { id: 'b', title: 'B', body: 'Two' },
    ],
    errors_shown: 'a🙂bc',
  });
});

it('Answers come back from Label Studio, spans in code points', () => {
  const region = (from_name: string, type: string, value: Json) => ({
    id: 'x',
    from_name,
    to_name: 'prompt',
    type,
    value,
  });
  const tasks = JSON.parse(labelStudioBridge.encode([ASKED])) as { data: Json }[];
  const result = [
    region('response', 'textarea', { text: ['Yes.'] }),
    region('verdict', 'choices', { choices: ['ok'] }),
    region('quality', 'rating', { rating: 4 }),
    region('tone', 'number', { number: 0 }),
    region('language', 'choices', { choices: ['<de>'] }),
    region('faults', 'choices', { choices: ['wrong', 'long'] }),
    region('best', 'ranker', { ranker: { best: ['b', 'a'] } }),
    region('errors', 'labels', { start: 3, end: 5, text: 'bc', labels: ['odd'] }),
    region('errors', 'labels', { start: 0, end: 1, text: 'not there', labels: ['odd'] }),
    region('remark', 'textarea', { text: ['Fine.'] }),
  ];
  const content = JSON.stringify([{ id: 7, ...tasks[0], annotations: [{ id: 9, completed_by: 1, result }] }]);
  const { annotations, foreign } = decode('label-studio', content);
  expect(foreign).toEqual([]);
  expect(annotations).toMatchObject([{ verdict: 'accepted', response: 'Yes.' }]);
  expect(annotations[0]!.answers).toEqual({
    quality: 4,
    tone: 0,
    language: ['<de>'],
    faults: ['wrong', 'long'],
    best: ['b', 'a'],
    // The second one does not fit its text: it is reported when it is imported.
    errors: [{ start: 2, end: 4, label: 'odd' }, { label: null }],
    remark: ['Fine.'],
  });
});
