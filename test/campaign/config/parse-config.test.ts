import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig } from '../../../src/campaign/config/load-config.ts';
import { ConfigError } from '../../../src/domain/errors.ts';
import { STRATEGIES } from '../../../src/selection/strategies/registry.ts';

const POOL = 'pool:\n  files: [a.jsonl]\n';
const strategies = STRATEGIES.names.join(', ');

/** The lines of the error, without the name of the file. */
function problems(text: string): string[] {
  try {
    parseConfig(text, 'winnow.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message.split('\n').map((line) => line.replace(/^winnow\.yaml:/, ''));
  }
  return [];
}

describe('a configuration that can be used', () => {
  it('needs nothing but a pool', () => {
    expect(parseConfig(POOL, 'winnow.yaml')).toMatchObject({
      version: 1,
      pool: { files: ['a.jsonl'], dedupeThreshold: 0.98 },
      llm: { provider: 'offline' },
      rounds: { seed: { strategy: 'facility-location', count: 100 }, necessity: { select: 'pool' } },
      trainer: { kind: 'retrieval' },
    });
  });

  it('has the LLM choose by default where it names one, and what it says otherwise', () => {
    const strategyOf = (text: string) => parseConfig(`${POOL}${text}`, 'winnow.yaml').rounds.seed.strategy;
    const llm = 'llm: { provider: openai, model: gpt-4o-mini }\n';
    expect(strategyOf(llm)).toBe('selectllm');
    expect(strategyOf('llm: { provider: offline }\n')).toBe('facility-location');
    expect(strategyOf(`${llm}rounds: { seed: { strategy: k-means } }\n`)).toBe('k-means');
    expect(strategyOf('rounds: { seed: { strategy: selectllm } }\n')).toBe('selectllm');
  });

  it.each([
    ['0.1', 100_000],
    ['0.000001', 1],
    ['12.345678', 12_345_678],
    ['123456789.123456', 123_456_789_123_456],
    ['"2.50"', 2_500_000],
    ['$2.50', 2_500_000],
    ['0', 0],
  ])('holds %s dollars to the micro-dollar', (written, amount) => {
    expect(parseConfig(`${POOL}budget:\n  llmUsd: ${written}\n`, 'winnow.yaml').budget.llmUsd).toBe(amount);
  });

  it('holds any amount that six decimals can say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999 }),
        fc.integer({ min: 0, max: 999_999 }),
        (whole, millionths) => {
          const written = `${whole}.${String(millionths).padStart(6, '0')}`;
          const { budget } = parseConfig(`${POOL}budget:\n  llmUsd: ${written}\n`, 'winnow.yaml');
          expect(budget.llmUsd).toBe(whole * 1_000_000 + millionths);
        },
      ),
    );
  });

  it('bills cached input like other input where nothing else is said', () => {
    const text = `${POOL}llm: { provider: openai, model: m, price: { input: 1, output: "2.5" } }\n`;
    const price = { input: 1_000_000, output: 2_500_000, cachedInput: 1_000_000 };
    expect(parseConfig(text, 'winnow.yaml').llm.price).toEqual(price);
  });

  it('may name a part and use it again', () => {
    const config = parseConfig(`${POOL}llm: &big { provider: openai, model: m }\njudge: *big\n`, 'winnow.yaml');
    expect(config.judge).toEqual(config.llm);
  });

  it('may begin with a byte order mark and end lines with CRLF', () => {
    expect(parseConfig(`\ufeff${POOL.replaceAll('\n', '\r\n')}seed: 3\r\n`, 'winnow.yaml').seed).toBe(3);
  });
});

describe('a wrong value', () => {
  it.each([
    [
      'rounds:\n  seed:\n    strategy: select-llm',
      `5: rounds.seed.strategy is "select-llm"; it is one of ${strategies}. Did you mean "selectllm"?`,
    ],
    ['rounds:\n  most: many', '4: rounds.most is "many"; it must be a whole number of at least 1.'],
    ['rounds:\n  most: 1.5', '4: rounds.most is 1.5; it must be a whole number of at least 1.'],
    ['stop:\n  failureRateBelow: 3', '4: stop.failureRateBelow is 3; it must be a number from 0 to 1.'],
    [
      'requests: { timeoutSeconds: 0 }',
      '3: requests.timeoutSeconds is 0; it must be a number above 0 and at most 2000000.',
    ],
    ['pool: 3', '3: the key pool is given twice; keep one of them.'],
    ['answers: []', '3: answers is an empty list; it must be a mapping with the keys maxOutputTokens, temperature.'],
    ['seed:', '3: seed is empty; it must be a whole number. Set it or remove the line.'],
    ['version: 2', '3: version is 2; it must be 1.'],
    ['requests: { prompts: "" }', '3: requests.prompts is ""; it must be a text that is not empty.'],
    [
      'labels:\n  heldOutFiles:\n    - a\n    - 1',
      '6: labels.heldOutFiles[1] is 1; it must be a text that is not empty.',
    ],
    ['labels: { project: [1] }', '3: labels.project is a list; it must be a text that is not empty or a whole number.'],
    ['rounds: { necessity: { weighted: yes } }', '3: rounds.necessity.weighted is "yes"; it must be true or false.'],
    [
      'trainer: { kind: comand }',
      '3: trainer.kind is "comand"; it is one of retrieval, nearest-neighbour, command, openai. Did you mean "command"?',
    ],
    ['trainer: {}', '3: trainer.kind is missing; it is one of retrieval, nearest-neighbour, command, openai.'],
    ['trainer:\n  kind: command', '3: trainer.command is missing; it must be a text that is not empty.'],
  ])('is named with its line and what is allowed: %s', (text, problem) => {
    expect(problems(`${POOL}${text}\n`)).toEqual([problem]);
  });

  it.each(['1e-7', '1234567890', '-1', '1.2345678', 'true', '.inf', '2,50'])(
    'is no amount of dollars: %s',
    (written) => {
      expect(problems(`${POOL}budget:\n  llmUsd: ${written}\n`)).toEqual([
        expect.stringMatching(
          /^4: budget\.llmUsd is .*; it must be an amount of dollars such as 2\.50, with at most six decimals\.$/,
        ),
      ]);
    },
  );

  it('is refused where a float would lose digits', () => {
    expect(problems(`${POOL}budget: { llmUsd: 0.1000000000000000001 }\n`)).toEqual([
      '3: a number has 19 digits; it must have at most 15.',
    ]);
  });

  it('is missing: the line is that of what should hold it', () => {
    expect(problems('seed: 1\n\npool:\n  skipBadLines: true\n')).toEqual([
      '3: pool.files is missing; it must be a list of at least 1, each a text that is not empty or a mapping with the keys path, fields, turns, roles, from, encoding, textItems, skipBadLines.',
    ]);
    expect(problems('# nothing\nseed: 1\n')).toEqual([expect.stringMatching(/^2: pool is missing; /)]);
  });

  it.each([
    [
      '{ a: 1 }',
      ' is a mapping; it must be a list, each a mapping whose kind is one of rating, choice, choices, ranking, span, text.',
    ],
    ['[{ name: x, kind: rate }]', '[0].kind is "rate"; it is one of rating, choice, choices, ranking, span, text.'],
    [
      '[{ name: x, kind: choice }]',
      '[0].options is missing; it must be a list of at least 2, each a text that is not empty.',
    ],
    ['[{ name: x, kind: rating, from: 5, to: 1 }]', '[0].to must be greater than from.'],
    ['[{ name: x, kind: text }, { name: x, kind: text }]', '[1].name names an earlier question too.'],
  ])('is about questions: %s', (questions, told) => {
    expect(problems(`${POOL}labels: { questions: ${questions} }\n`)).toEqual([`3: labels.questions${told}`]);
  });

  it('is found where an alias takes it from', () => {
    const text = `${POOL}llm: &big\n  provider: open\n  model: m\njudge: *big\n`;
    expect(problems(text).map((line) => line.slice(0, 16))).toEqual(['4: llm.provider ', '4: judge.provide']);
  });
});

describe('an unknown key', () => {
  it.each([
    ['dedupe_threshold: 1', '3: unknown key "dedupe_threshold"; it belongs under pool.'],
    ['threshold: 5', '3: unknown key "threshold"; it belongs under quality or rounds.necessity.'],
    ['buget: {}', '3: unknown key "buget". Did you mean "budget"?'],
    [
      'stop: { nonsense: 1 }',
      '3: unknown key "nonsense" in stop; the keys there are failureRateBelow, noImprovementRounds, leastImprovement, coverageRadiusBelow.',
    ],
    ['rounds:\n  seed:\n    cuont: 1', '5: unknown key "cuont" in rounds.seed. Did you mean "count"?'],
    [
      'trainer:\n  kind: openai\n  model: m\n  trainingPrice: 1\n  price: { input: 1, output: 1 }\n  epoch: 3',
      '8: unknown key "epoch" in trainer. Did you mean "epochs"?',
    ],
    ['__proto__: 1', '3: unknown key "__proto__".'],
    ['rounds: { seed: { options: { __proto__: 1 } } }', '3: unknown key "__proto__".'],
  ])('is named, and the one that was meant: %s', (text, problem) => {
    expect(problems(`${POOL}${text}\n`)).toEqual([problem]);
  });

  it.each([
    ['{ path: b.csv, nonsense: 1 }', 'pool.files[1]; the keys there are path, fields, turns, '],
    [
      '{ path: b.csv, fields: { topic: x } }',
      'pool.files[1].fields; the keys there are instruction, input, output, id.',
    ],
    ['{ path: b.csv, turn: last }', 'pool.files[1]. Did you mean "turns"?'],
  ])('of a pool file is named with those that there are: %s', (file, problem) => {
    expect(problems(`pool:\n  files:\n    - a.jsonl\n    - ${file}\n`)).toEqual([expect.stringContaining(problem)]);
  });

  it('that holds a secret does not show it', () => {
    const [problem, ...others] = problems(`${POOL}llm:\n  apiKey: sk-proj-Abc123def456ghi789jkl\n`);
    expect(others).toEqual([]);
    expect(problem).toBe(
      '4: unknown key "apiKey" in llm; keys of providers and tools come from the environment, not from this file.',
    );
  });
});

describe('a secret', () => {
  it.each([
    'llm: { provider: sk-proj-Abc123def456ghi789jkl }',
    'llm: { provider: compatible, model: m, baseUrl: "http://me:Abc123def456@localhost" }',
    'llm: { provider: compatible, model: m, baseUrl: "ftp://me:Abc123def456@localhost" }',
    'llm: { provider: compatible, model: m, baseUrl: "http://localhost?key=Abc123def456" }',
    'sk-proj-Abc123def456ghi789jkl: 1',
    'seed: sk-proj-Abc123def456ghi789jkl',
    'seed: !sk-proj-Abc123def456ghi789jkl 1',
  ])('is not repeated in an error: %s', (text) => {
    const found = problems(`${POOL}${text}\n`);
    expect(found).not.toEqual([]);
    expect(found.join('\n')).not.toContain('Abc123def456');
  });
});

describe('what does not go together', () => {
  it.each([
    ['llm:\n  provider: openai', '4: llm.provider is "openai", which needs a model beside it.'],
    [
      'judge:\n  provider: compatible\n  model: m',
      '4: judge.provider is "compatible", which needs a baseUrl beside it, such as http://localhost:8000/v1.',
    ],
    [
      'llm:\n  contextTokens: 5',
      '4: llm.contextTokens does nothing for the provider offline; set provider to one of openai, anthropic, gemini, azure, bedrock, deepseek, mistral, openrouter, together, ollama, vllm, llamacpp, compatible.',
    ],
    ['embedder: { model: m }', '3: embedder.model does nothing for minilm; set kind to openai or onnx.'],
    ['embedder: { kind: openai, baseUrl: "http://a/v1" }', '3: embedder.baseUrl needs a model beside it.'],
    [
      'labels: { url: "http://a" }',
      '3: labels.url does nothing for the tool jsonl; set tool to label-studio or argilla.',
    ],
    [
      'labels: { tool: csv, project: 3 }',
      '3: labels.project does nothing for the tool csv; set tool to label-studio or argilla.',
    ],
    [
      'labels: { tool: label-studio, workspace: w }',
      '3: labels.workspace does nothing for the tool label-studio; set tool to argilla.',
    ],
    [
      'labels: { perLabelUsd: 1, perMinuteUsd: 1 }',
      '3: labels.perMinuteUsd cannot be set beside perLabelUsd: labels are paid per label or per minute.',
    ],
    [
      'budget:\n  labelUsd: 5',
      '4: budget.labelUsd caps nothing: set labels.perLabelUsd or labels.perMinuteUsd, without which labels cost nothing.',
    ],
    [
      'rounds:\n  necessity:\n    count: 600\n    select: cover',
      '5: rounds.necessity.count is 600, but only what is evaluated can fail: lower it or raise evaluate, which is 500.',
    ],
    [
      'rounds: { necessity: { options: { votes: 3 } } }',
      '3: rounds.necessity.options.votes does nothing for select: pool; set select to selectllm or strategy.',
    ],
    [
      'rounds: { necessity: { weighted: true } }',
      '3: rounds.necessity.weighted does nothing for select: pool; leave it out.',
    ],
    [
      'rounds: { necessity: { select: mods, cover: k-means } }',
      '3: rounds.necessity.cover does nothing for select: mods; leave it out.',
    ],
    [
      'rounds: { necessity: { select: cover, failureWeight: 3 } }',
      '3: rounds.necessity.failureWeight does nothing for select: cover; leave it out.',
    ],
  ])('is named: %s', (text, problem) => {
    expect(problems(`${POOL}${text}\n`)).toEqual([problem]);
  });

  it.each([
    ['strategy: selectllm\n    options:\n      perQuery: 60', '7: rounds.seed.options.perQuery must be at most 50.'],
    [
      'strategy: selectllm\n    options:\n      itemsPerQuery: 20\n      perQuery: 30',
      '8: rounds.seed.options.perQuery is refused: perQuery: 30 is more than the 20 candidates of a query. Lower perQuery or raise itemsPerQuery.',
    ],
    [
      'strategy: random\n    options: { votes: 2 }',
      '6: rounds.seed.options.votes is refused: The strategy "random" has no option votes. It has no options.',
    ],
    [
      'options: { votes: [2] }',
      '5: rounds.seed.options.votes is a list; it must be a text or a number or true or false.',
    ],
  ])('is for the strategy to say: %s', (text, problem) => {
    expect(problems(`${POOL}rounds:\n  seed:\n    ${text}\n`)).toEqual([problem]);
  });

  it('leaves a strategy what it accepts', () => {
    const text = `${POOL}rounds: { necessity: { select: selectllm, options: { votes: 3 } } }\n`;
    expect(parseConfig(text, 'winnow.yaml').rounds.necessity.options).toEqual({ votes: 3 });
  });
});

describe('a file that is no configuration', () => {
  it.each([
    ['', '1: the file is empty; it must be a mapping of keys to values.'],
    ['# later\n', '1: the file is empty; it must be a mapping of keys to values.'],
    ['just words', '1: the file contains no mapping; it must be a mapping of keys to values.'],
    ['- a\n- b', '1: the file contains no mapping; it must be a mapping of keys to values.'],
    [`${POOL}labels:\n\ttool: csv`, '4: tabs are not allowed here; indent with spaces.'],
    [`${POOL}seed: 1\nseed: 2`, '4: the key seed is given twice; keep one of them.'],
    [`${POOL}---\nseed: 2`, '3: a second document starts here (---); only one is allowed.'],
    [`${POOL}seed: "1`, '3: the line is not valid YAML: Missing closing "quote.'],
    [
      `${POOL}seed: 1: 2\nrounds: 3`,
      '3: the line is not valid YAML: a second ": " on it, or wrong indentation; quote values that contain ": ".',
    ],
    [`${POOL}judge: *big`, '3: there is no anchor &big before the alias *big.'],
    [`${POOL}judge: &big { model: *big }`, '3: the alias *big is inside its own anchor.'],
    [`${POOL}<<: { seed: 1 }`, '3: merge keys (<<) are not supported; write the keys out.'],
    [`${POOL}seed: !!int 1`, '3: the tag !!int is not supported; remove it.'],
    [`${POOL}? [a]\n: 1`, '3: a list or mapping is used as a key.'],
    [`${POOL}requests: { prompts: "a\\0b" }`, '3: the text contains the character U+0000; remove it.'],
    [`${POOL}requests: { prompts: "\\ud800" }`, '3: the text contains the character U+D800; remove it.'],
  ])('is refused with its line: %j', (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });

  it.each([
    ['brackets', '['.repeat(20_000)],
    ['brackets over lines', '[\n'.repeat(20_000)],
    ['dashes', '- '.repeat(5_000)],
    ['question marks', '? '.repeat(5_000)],
  ])('is refused before it breaks the parser: %s', (_, text) => {
    expect(problems(`${POOL}a:\n  ${text}`)).toEqual([
      expect.stringMatching(/^\d+: values are nested more than 40 levels deep\.$/),
    ]);
  });

  it('may have many short mappings on one line', () => {
    const options = Array.from({ length: 60 }, (_, index) => `o${index}: 1`).join(', ');
    expect(problems(`${POOL}rounds: { seed: { options: { ${options} } } }`).join()).toContain('has no option');
  });

  it('is refused where aliases would blow it up', () => {
    const levels = [...'bcdefgh'].map((name, level) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[level]}`)}]`);
    expect(problems(`${POOL}a: &a [1, 2]\n${levels.join('\n')}`)).toEqual([
      '1: aliases make more than 100 copies; write them out.',
    ]);
  });

  it('is refused when it is too large to be meant', () => {
    expect(problems(`${POOL}#${'x'.repeat(70_000)}`)).toEqual([
      '1: the file has 70026 characters; it must have at most 65536.',
    ]);
  });
});

describe('several problems', () => {
  it('are told together, in the order of the lines', () => {
    const text = 'stop:\n  failureRateBelow: 2\npool:\n  files: a\nseed: x\n';
    expect(problems(text).map((line) => line.split(' is ')[0])).toEqual([
      '2: stop.failureRateBelow',
      '4: pool.files',
      '5: seed',
    ]);
  });

  it('are cut after ten', () => {
    const text = `${POOL}labels:\n  heldOutFiles: [${Array(14).fill(1)}]\n`;
    expect(problems(text)).toHaveLength(11);
    expect(problems(text).at(-1)).toBe('… and 4 more.');
  });

  it('show foreign text on one line, without what could steer a terminal', () => {
    const [problem, ...others] = problems(`${POOL}seed: "a\\e[31m\\u202e\\n${'b'.repeat(500)}"\n`);
    expect(others).toEqual([]);
    expect(problem).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(problem!.length).toBeLessThan(120);
  });
});

describe('for any content of the file', () => {
  const refusal = (text: string) => {
    for (const line of problems(text)) expect(line).toMatch(/^\d+: .|^… and \d+ more\.$/);
  };

  it('the answer is a configuration or a ConfigError with lines: any JSON', () => {
    fc.assert(fc.property(fc.json(), refusal));
  });

  it('the answer is a configuration or a ConfigError with lines: any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), refusal));
  });

  it('the answer is a configuration or a ConfigError with lines: any value under known keys', () => {
    const sections = ['pool', 'llm', 'judge', 'embedder', 'budget', 'labels', 'rounds', 'trainer', 'stop', 'quality'];
    const keys = [
      'files',
      'kind',
      'provider',
      'model',
      'baseUrl',
      'price',
      'seed',
      'options',
      'strategy',
      'labels',
      'input',
    ];
    const key = fc.constantFrom(...sections, ...keys);
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.anything({ maxDepth: 1, withNullPrototype: false }),
        fc.constantFrom('openai', 'command', 'offline'),
        fc.dictionary(key, tie('any')),
        fc.array(tie('any'), { maxLength: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...sections), value), (config) => {
        refusal(stringify(JSON.parse(JSON.stringify(config, (_, part) => (typeof part === 'bigint' ? 1 : part)))));
      }),
      { numRuns: 300 },
    );
  });
});

describe('rounds.necessity.select: strategy', () => {
  const necessity = (given: object) => problems(POOL + stringify({ rounds: { necessity: given } })).join('; ');

  it('takes any strategy, with its options', () => {
    const options = { cover: 'facility-location' };
    expect(necessity({ select: 'strategy', strategy: 'uncertainty', options })).toBe('');
  });

  it.each([
    [{ select: 'strategy' }, 'rounds.necessity.strategy is missing'],
    [{ select: 'pool', strategy: 'random' }, 'rounds.necessity.strategy does nothing for select: pool'],
    [{ select: 'strategy', strategy: 'uncertainty', cover: 'k-means' }, 'rounds.necessity.cover does nothing'],
    [{ select: 'strategy', strategy: 'random', options: { prefer: 'high' } }, 'rounds.necessity.options.prefer'],
    [{ select: 'strategy', strategy: 'open-endedness' }, 'cannot answer instructions'],
  ])('refuses %j', (given, problem) => {
    expect(necessity(given)).toContain(problem);
  });
});
