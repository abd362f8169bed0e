import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../src/campaign/config/config-json-schema.ts';
import { loadConfig } from '../../src/campaign/config/load-config.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { campaignLab, HOSTILE_MARKS } from './campaign-lab.ts';
import { HAS_TERMINAL, onTerminal } from './on-terminal.ts';

const root = temporaryFolder();
const DEPLOYED = ['--provider', 'azure', '--model', 'prod', '--base-url', 'https://name.openai.azure.com'];
const begin = (name: string) => campaignLab(root, name, { config: null });

describe('winnow init without a terminal', () => {
  it('takes the one pool that is there, writes winnow.yaml and its schema, and says what it found and what to type', async () => {
    const lab = begin('defaults');
    const { code, stdout } = await lab.winnow('init');
    expect(code).toBe(0);
    expect(stdout).toContain('Wrote winnow.yaml and winnow.schema.json (for editors).');
    expect(stdout).toContain('pool.jsonl: 32 records, 32 different');
    expect(stdout).toContain('fields  instruction, id');
    expect(stdout).toContain('To have an LLM choose: winnow init --force --provider … --model …');
    expect(stdout).toContain('winnow run');
    const { config } = await loadConfig(lab.folder);
    expect(config).toMatchObject({
      pool: { files: ['pool.jsonl'] },
      llm: { provider: 'offline' },
      budget: { labels: 500, totalUsd: 10_000_000 },
      rounds: { seed: { strategy: 'facility-location' } },
      trainer: { kind: 'retrieval' },
    });
    expect(lab.read('winnow.yaml')).toMatch(/^# yaml-language-server: \$schema=\.\/winnow\.schema\.json\n/);
    expect(JSON.parse(lab.read('winnow.schema.json'))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });

  it('says how a pool is named where one is given for the folder', async () => {
    const { code, stderr } = await begin('mistaken').winnow('init', 'pool.jsonl');
    expect(code).toBe(2);
    expect(stderr).toContain('pool.jsonl is a file');
    expect(stderr).toContain('winnow init --pool pool.jsonl');
  });

  it('lets one of several that start at the same time write winnow.yaml, and tells the others', async () => {
    const lab = begin('at-once');
    const labels = [101, 102, 103, 104];
    const runs = await Promise.all(labels.map((count) => lab.winnow('init', '--yes', '--labels', String(count))));
    const winners = labels.filter((_, index) => runs[index]!.code === 0);
    expect(winners).toHaveLength(1);
    expect(lab.read('winnow.yaml')).toContain(`labels: ${winners[0]}`);
    for (const { code, stderr } of runs.filter((run) => run.code !== 0)) {
      expect([1, 2]).toContain(code);
      expect(stderr).toMatch(/winnow\.yaml" cannot be written: another process has just written it|already exists/);
    }
  });

  it('does not replace a winnow.yaml that is there, unless it is told to', async () => {
    const lab = begin('twice');
    lab.write('winnow.yaml', 'mine\n');
    const { code, stderr } = await lab.winnow('init', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('winnow.yaml already exists');
    expect(stderr).toContain('--force');
    expect(lab.read('winnow.yaml')).toBe('mine\n');
    expect((await lab.winnow('init', '--yes', '--force')).code).toBe(0);
    expect(lab.read('winnow.yaml')).toContain('version: 1');
  });

  it('writes what the options say, with paths as they are seen from the new folder', async () => {
    const lab = begin('options');
    const { code, stdout, stderr } = await lab.winnow(
      ...['init', 'inner/campaign', '--preset', 'mods', '--pool', 'pool.jsonl', '--provider', 'compatible'],
      ...['--model', 'qwen', '--base-url', 'http://localhost:8000/v1', '--price', '0.1,0.4', '--labels', '40'],
      ...[
        '--usd',
        '12.5',
        '--trainer',
        'command',
        '--train-command',
        './train.sh --fast',
        '--train-cost',
        '0.5',
        '--json',
      ],
    );
    expect({ code, stderr: stderr.replace(/^Reading.*\n/, '') }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      folder: 'inner/campaign',
      config: 'inner/campaign/winnow.yaml',
      schema: 'inner/campaign/winnow.schema.json',
      pool: {
        files: ['pool.jsonl'],
        records: 32,
        instructions: 32,
        badRecords: 0,
        firstBad: null,
        fields: { instruction: 'instruction', id: 'id' },
        problem: null,
      },
      command: { line: 'winnow next -C inner/campaign', because: 'run the first step' },
    });
    const { config } = await loadConfig(join(lab.folder, 'inner/campaign'));
    expect(config).toMatchObject({
      pool: { files: ['../../pool.jsonl'] },
      llm: { provider: 'compatible', model: 'qwen', price: { input: 100_000, output: 400_000 } },
      quality: { threshold: 2.5 },
      budget: { labels: 40, totalUsd: 12_500_000 },
      rounds: { seed: { strategy: 'k-center', count: 8 } },
      trainer: { kind: 'command', command: './train.sh --fast', worstCaseUsd: 500_000 },
    });
  });

  it('writes the model behind a deployment, whose price then counts', async () => {
    const lab = begin('deployed');
    const { code } = await lab.winnow('init', '--yes', ...DEPLOYED, '--priced-as', 'openai/gpt-4o-mini');
    expect(code).toBe(0);
    const { config } = await loadConfig(lab.folder);
    expect(config.llm).toMatchObject({ provider: 'azure', model: 'prod', pricedAs: 'openai/gpt-4o-mini' });
  });

  it.each([
    [['--model', 'gpt-4o-mini'], 2, '--model needs a --provider'],
    [['--provider', 'openai'], 2, '--provider openai needs --model'],
    [['--provider', 'compatible', '--model', 'm'], 2, '--provider compatible needs --base-url'],
    [['--provider', 'openai', '--model', 'gpt-99'], 1, 'Set it: --price'],
    [['--priced-as', 'openai/gpt-4o-mini'], 2, '--priced-as needs a --provider'],
    [[...DEPLOYED], 1, 'Name the model behind it, such as --priced-as openai/gpt-4o-mini'],
    [[...DEPLOYED, '--priced-as', 'openai/gpt-99'], 2, 'the price table has no such model'],
    [['--trainer', 'command'], 2, '--trainer command needs --train-command'],
    [['--trainer', 'command', '--train-command', 'x'], 2, '--trainer command needs --train-cost'],
    [['--trainer', 'openai', '--train-model', 'm'], 2, '--training-price'],
    [['--train-command', 'x'], 2, '--train-command does nothing for the trainer retrieval'],
    [['--provider', 'compatible', '--model', 'm', '--price', '0,0', '--base-url', 'nowhere'], 1, 'llm.baseUrl must be'],
    [['--preset', 'magic'], 2, 'Allowed choices are selectllm, mods'],
    [['--labels', '0'], 2, 'whole number of at least 1'],
    [['--usd', 'much'], 2, 'an amount in dollars'],
  ] as const)('refuses %j and writes nothing', async (args, exitCode, message) => {
    const name = `refused ${args.join(' ').replaceAll('/', '-')}`;
    const lab = begin(name);
    const { code, stderr } = await lab.winnow('init', '--yes', ...args);
    expect(stderr).toContain(message);
    expect(code).toBe(exitCode);
    expect(existsSync(join(lab.folder, 'winnow.yaml'))).toBe(false);
  });

  it('warns where the pool cannot be read, and writes winnow.yaml all the same', async () => {
    const folder = root.file('no pool');
    mkdirSync(folder);
    const { code, stdout } = await runCli(['init'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/warning +The pool cannot be read yet\. .*pool\.jsonl/);
    expect(readFileSync(join(folder, 'winnow.yaml'), 'utf8')).toContain('- pool.jsonl');
  });

  it('names records that cannot be read and other fields, and shows no escape sequence of theirs', async () => {
    const folder = root.file('odd pool');
    mkdirSync(folder);
    const odd = 'que\u001b[31mstion\u202e';
    const lines = [{ prompt: 'One?', uid: 7 }, { prompt: 'Two?', uid: 8 }, { [odd]: 'Three?' }];
    writeFileSync(join(folder, 'pool.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { stdout } = await runCli(['init'], { cwd: folder });
    expect(stdout).toContain('fields  instruction ("prompt"), id ("uid")');
    expect(stdout).toMatch(/warning +1 record cannot be read. The first: pool\.jsonl:3: it has no instruction/);
    expect(stdout).toContain('pool.skipBadLines: true');
    for (const mark of HOSTILE_MARKS) expect(stdout).not.toContain(mark);
  });
});

describe.skipIf(!HAS_TERMINAL)('winnow init on a terminal', () => {
  const DIALOG = [
    { at: 'Pool files', keys: '\r' },
    { at: 'How should instructions be chosen?', keys: '\u001b[B\r' },
    { at: 'Which LLM should choose and judge?', keys: '\u001b[B\r' },
    { at: 'Model name', keys: '\r' },
    { at: 'How many instructions', keys: '\u007f\u007f\u007f64\r' },
    { at: 'US dollars', keys: '\r' },
  ];

  it('asks what it is not told and writes what it is answered', async () => {
    const lab = begin('asked');
    const { code, screen } = await onTerminal(['init', '--trainer', 'nearest-neighbour'], DIALOG, { cwd: lab.folder });
    expect(screen).not.toContain('How should the seed model be trained?');
    expect(code).toBe(0);
    const { config } = await loadConfig(lab.folder);
    expect(config).toMatchObject({
      pool: { files: ['pool.jsonl'] },
      llm: { provider: 'openai', model: 'gpt-4o-mini' },
      quality: { threshold: 2.5 },
      budget: { labels: 64, totalUsd: 10_000_000 },
    });
  });

  const REST = [
    { at: 'How many instructions', keys: '\r' },
    { at: 'US dollars', keys: '\r' },
  ];
  const given = ['init', '--pool', 'pool.jsonl', '--preset', 'selectllm'];

  it('asks for the model behind a deployment until the price table has it', async () => {
    const lab = begin('asked-for-deployment');
    const dialog = [
      { at: 'The model behind it', keys: '-unknown\r' },
      { at: 'The price table has no such model.', keys: '\u007f'.repeat('-unknown'.length) },
      { at: 'The model behind it', keys: '\r' },
      ...REST,
    ];
    const { code } = await onTerminal([...given, ...DEPLOYED, '--trainer', 'retrieval'], dialog, { cwd: lab.folder });
    expect(code).toBe(0);
    const { config } = await loadConfig(lab.folder);
    expect(config.llm).toMatchObject({ provider: 'azure', model: 'prod', pricedAs: 'openai/gpt-4o-mini' });
  });

  it('asks for the address and the price of a server of one’s own, and for a training command and its cost', async () => {
    const lab = begin('own-server');
    const dialog = [
      { at: 'Server URL', keys: '\r' },
      { at: 'Price in USD per million tokens', keys: '\u007f\u007f\u007f1,2\r' },
      ...REST,
      { at: 'Training command', keys: '\r' },
      { at: 'one training can cost', keys: '\u007f2\r' },
    ];
    const args = [...given, '--provider', 'compatible', '--model', 'm', '--trainer', 'command'];
    const { code, screen } = await onTerminal(args, dialog, { cwd: lab.folder });
    expect({ code, screen }).toEqual({ code: 0, screen: expect.any(String) });
    const { config } = await loadConfig(lab.folder);
    expect(config.llm).toMatchObject({
      baseUrl: 'http://localhost:8000/v1',
      price: { input: 1_000_000, output: 2_000_000 },
    });
    expect(config.trainer).toMatchObject({ kind: 'command', command: './train.sh', worstCaseUsd: 2_000_000 });
  });

  it('asks what to fine-tune and what it costs', async () => {
    const lab = begin('fine-tuned');
    const dialog = [
      ...REST,
      { at: 'Model to fine-tune', keys: '\r' },
      { at: 'USD per million training tokens', keys: '\r' },
      { at: 'tokens of the trained model', keys: '\r' },
    ];
    const args = [...given, '--provider', 'offline', '--trainer', 'openai'];
    const { code } = await onTerminal(args, dialog, { cwd: lab.folder });
    expect(code).toBe(0);
    const { config } = await loadConfig(lab.folder);
    expect(config.trainer).toMatchObject({ kind: 'openai', model: 'gpt-4o-mini-2024-07-18' });
  });

  it('writes nothing after Ctrl-C', async () => {
    const lab = begin('left');
    const { code } = await onTerminal(['init'], [{ at: 'Pool files', keys: '\u0003' }], { cwd: lab.folder });
    expect(code).toBe(130);
    expect(existsSync(join(lab.folder, 'winnow.yaml'))).toBe(false);
  });
});
