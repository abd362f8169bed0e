import { describe, expect, it } from 'vitest';
import { appraise } from '../../../src/models/offline/appraise.ts';
import { clarity } from '../../../src/models/offline/clarity.ts';
import { constraints } from '../../../src/models/offline/constraints.ts';
import { depth } from '../../../src/models/offline/depth.ts';
import { lengthSaturation } from '../../../src/models/offline/length-saturation.ts';
import { type Finding, type Reading, readCandidate } from '../../../src/models/offline/reading.ts';
import { specificity } from '../../../src/models/offline/specificity.ts';
import { steps } from '../../../src/models/offline/steps.ts';

type Feature = (reading: Reading) => Finding;

function scoreOf(feature: Feature, instruction: string, input?: string): number {
  return feature(readCandidate(input === undefined ? { instruction } : { instruction, input })).value;
}

/** Each row: the feature, then texts of which every one must score strictly higher than the one before it. */
const RISING: readonly [Feature, ...string[]][] = [
  [
    depth,
    'When did the Western Roman Empire fall?',
    'How do aqueducts carry water?',
    'Why did the empire fall, and how would you justify your view?',
  ],
  [depth, 'Which is a mammal? a) trout b) otter c) newt d) crow', 'Explain what makes an otter a mammal.'],
  [
    steps,
    'Describe a heat pump.',
    'Describe a heat pump. What does it cost to run?',
    'Describe a heat pump, explain its limits, and compare it with a boiler. When does it pay?',
  ],
  [steps, '写一首诗。', '写一首诗。你为什么选择这个主题？它想表达什么？'],
  [
    constraints,
    'Write a poem about rain.',
    'Write a poem about rain without rhymes.',
    'Write a poem about rain in exactly 12 lines, without rhymes, each line shorter than the last.',
  ],
  [
    specificity,
    'Plan a trip for some people.',
    'Plan a trip to Lisbon for 4 people.',
    'Plan a trip from Porto to Lisbon for 4 people by train on 3 May, with stops in Coimbra and Óbidos.',
  ],
  [specificity, 'Why does my loop fail?', 'Why does `for (i = 0; i <= n; i++)` overrun readings_buffer?'],
  [
    lengthSaturation,
    'Define osmosis.',
    'Define osmosis for a class of ten-year-old children.',
    'Define osmosis for a class of ten-year-old children, with an experiment they can do at home.',
  ],
  [clarity, 'asdf', 'Define osmosis.'],
  [clarity, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'What does a long row of the letter "a" mean in a chat?'],
  [clarity, 'https://example.org/a/b?c=d', 'Summarize the argument of https://example.org/a/b in two sentences.'],
  [
    clarity,
    'Pourquoi les feuilles sont-elles d\u00C3\u00A9cor\u00C3\u00A9es en \u00C3\u00A9t\u00C3\u00A9 ?',
    'Pourquoi les feuilles sont-elles décorées en été ?',
  ],
  [clarity, '<div class="nav"><a href="/">Home</a><br><br><hr></div>', 'How do I centre a <div> inside another?'],
  [
    clarity,
    'Explain the difference between a comet and the',
    'Explain the difference between a comet and the tail it shows.',
  ],
  [clarity, 'Summarize the text below.', 'Summarize the causes of the Crimean War.'],
  [clarity, '$$$ ### @@@ !!! ((( ]]] ^^^ ~~~ go', 'How much is $5 in euros?'],
  [clarity, 'buy buy buy buy buy buy buy buy buy buy now', 'How do I decide whether to buy or rent a flat?'],
  [clarity, 'Hello there', 'How should I greet a judge?'],
];

describe('the features', () => {
  it.each(RISING)('%o rises from text to text', (feature, ...texts) => {
    const values = texts.map((text) => scoreOf(feature, text));
    for (let i = 1; i < values.length; i += 1) expect(values[i], texts[i]).toBeGreaterThan(values[i - 1]!);
  });

  it('stay within [0, 1] for any text', () => {
    const texts = [
      '',
      ' ',
      '?',
      'must '.repeat(500),
      'Explain why. '.repeat(500),
      '1. a\n'.repeat(500),
      '"x_y" = 3 '.repeat(500),
    ];
    for (const feature of [clarity, constraints, depth, lengthSaturation, specificity, steps]) {
      for (const text of texts) {
        const value = scoreOf(feature, text);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }
  });

  it('find nothing wrong with ordinary tasks', () => {
    for (const text of [
      'What is the boiling point of ethanol?',
      'Name three rivers in Africa.',
      'f(x) = 3x² − 2. Find f(4).',
      'Write a haiku about frost',
      'As a nurse, explain triage to a child.',
      'Escribe un poema sobre el mar.',
      '日本の首都はどこですか？',
      'اكتب قصة قصيرة عن البحر.',
      'Напиши рассказ о старом маяке.',
    ]) {
      expect(clarity(readCandidate({ instruction: text })), text).toMatchObject({ note: '' });
    }
  });

  it('take a task whose material comes as input for complete', () => {
    expect(scoreOf(clarity, 'Summarize the text below.', 'The dam was built in 1931.')).toBe(1);
    expect(scoreOf(clarity, 'Summarize', 'The dam was built in 1931.')).toBe(1);
  });
});

describe('the value of a candidate', () => {
  const passage =
    'Officials must explain why at least 40 bridges, built by 1931, were exactly as weak as Dr Moor said. '.repeat(40);
  const task =
    'Draft a maintenance plan for a village bridge: list the checks, say who does each, and keep the cost under 2,000 euros a year.';

  it('is higher for a good task than for a short question about a long pasted passage', () => {
    const pasted = appraise({ instruction: `${passage}\nWho spoke?` }).value;
    expect(appraise({ instruction: task }).value).toBeGreaterThan(pasted);
    expect(appraise({ instruction: task }).value).toBeGreaterThan(
      appraise({ instruction: 'Who spoke?', input: passage }).value,
    );
  });

  it('does not take the questions of a quoted dialogue for parts of the task', () => {
    const dialogue = Array.from(
      { length: 12 },
      (_, i) => `${i % 2 ? 'Ada' : 'Bo'}: Why would you compare them? Explain.`,
    ).join('\n');
    expect(scoreOf(steps, `Summarize this talk.\n${dialogue}`)).toBe(0);
  });

  it('is above zero for a task in any script', () => {
    for (const instruction of [
      '比较两种储能技术的优缺点，并说明在偏远村庄应选择哪一种。',
      '夏の畑で水を節約する方法を三つ説明してください。',
      'قارن بين طريقتين لتخزين الطاقة واشرح أيهما أفضل لقرية نائية.',
      'Сравни два способа хранения энергии и объясни, какой лучше для деревни.',
      'ऊर्जा भंडारण के दो तरीकों की तुलना करें।',
      'เปรียบเทียบวิธีเก็บพลังงานสองแบบ',
      'Σύγκρινε δύο τρόπους αποθήκευσης ενέργειας.',
    ]) {
      expect(appraise({ instruction }).value, instruction).toBeGreaterThan(0.05);
    }
  });
});
