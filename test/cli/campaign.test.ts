import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { textWidth } from '../../src/cli/output/text-width.ts';
import { openCampaign, viewCampaign } from '../../src/index.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer, ServerOptions } from '../support/provider-server.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CONFIG, campaignLab, HOSTILE, HOSTILE_MARKS, readLines } from './campaign-lab.ts';
import { HAS_TERMINAL, onTerminal } from './on-terminal.ts';

const HOLD_LOCK = fileURLToPath(new URL('../store/hold-lock.ts', import.meta.url));
const root = temporaryFolder();

const servers: ProviderServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** In 80 columns, but for the line of the user's own folder. */
function expectToFit(shown: string, folder: string): void {
  const lines = shown.split('\n');
  expect(lines).toContain(folder);
  for (const line of lines) if (line !== folder) expect(textWidth(line), line).toBeLessThanOrEqual(80);
}

describe('a whole campaign, offline', () => {
  const lab = campaignLab(root, 'whole');

  it('shows where it stands before the first step, and leaves no trace of having looked', async () => {
    const { code, stdout, stderr } = await lab.winnow('status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('not read yet');
    expect(stdout).toMatch(/Next {2}winnow next\n +reads new pool files/);
    expect(existsSync(join(lab.folder, 'winnow.db'))).toBe(false);
  });

  it('does one step at a time, says what it did and what to type next', async () => {
    const read = await lab.winnow('next');
    expect(read.code).toBe(0);
    expect(read.stdout).toContain('Read pool.jsonl (32 records, 32 new): 32 instructions in all');
    expect(read.stdout).toContain('next  winnow next: plans the next round');
    const planned = JSON.parse((await lab.winnow('next', '--json')).stdout);
    expect(planned).toMatchObject({ step: 'plan-round', round: 1, done: true, details: { plan: { count: 6 } } });
    expect(planned.command).toEqual({ line: 'winnow next', because: 'chooses the instructions of the round' });
    const selected = await lab.winnow('next');
    expect(selected.stdout).toContain('Selected 6 of 32 candidates by k-means');
    expect(selected.stdout).toMatch(/cost +\$0\.740742 spent or set aside/);
  });

  it('runs until people are needed, a line a step, and says how to set the tool up', async () => {
    const { code, stdout, stderr } = await lab.winnow('run');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^round 1 {2}Wrote 6 tasks for jsonl to rounds\/1\/tasks\.jsonl\n/);
    expect(stdout).toContain('round 1  Waiting for 6 of 6 labels.');
    expect(stdout).toMatch(
      /\n {2}next +winnow annotate: 6 labels .*\n {2}or +winnow import <file>: .*rounds\/1\/tasks\.jsonl.*\n {2}or +winnow next --go-on: /,
    );
    expect(stderr).toContain('write the response into "response"');
    expect((await lab.winnow('next')).code).toBe(3);
    expect(lab.tasks(1)).toHaveLength(6);
  });

  it('takes labels in, trains, finds the failures and hands those out, with answers to correct', async () => {
    lab.label(1, 'done.jsonl');
    const imported = await lab.winnow('import', 'done.jsonl');
    expect(imported.code).toBe(0);
    expect(imported.stdout).toContain('Imported 6 answers from done.jsonl (jsonl)');
    expect(imported.stdout).toContain('next  winnow next: all labels are in');
    const { code, stdout } = await lab.winnow('run', '--json');
    expect(code).toBe(3);
    const { steps, command } = JSON.parse(stdout);
    expect(steps.map(({ step }: { step: string }) => step)).toEqual([
      ...['wait-for-labels', 'train', 'evaluate', 'find-failures'],
      ...['plan-round', 'select', 'export', 'wait-for-labels'],
    ]);
    expect(steps.at(-1)).toMatchObject({ done: false, because: 'waiting' });
    expect(command.line).toBe('winnow annotate');
    expect(lab.tasks(2).every(({ draft }) => draft !== '')).toBe(true);
  });

  it('shows rounds, models, money and the next command, within 80 columns', async () => {
    const { code, stdout } = await lab.winnow('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(/labels +6 labeled, 4 awaited; 0 more allowed/);
    expect(stdout).toMatch(
      /\n +1 +seed +k-means +█{10} +6 of 6 +6\n +2 +necessity +facility-location +░{10} +0 of 4 +0\n/,
    );
    expect(stdout).toMatch(/\n +1 +retrieval-r1 [█▏▎▍▌▋▊▉ ]+\d+\.\d % +\d+–\d+ % +20 +\d\.\d\d ± \d\.\d\d .*\n/);
    expect(stdout).toMatch(/\n +labels +\$0\.740742 +\$0\.493828 +\$48\.76543\n/);
    expect(stdout).toMatch(
      /Next {2}winnow annotate\n +4 labels are awaited: .*\nor {4}winnow import <file>\n.* rounds\/2\/tasks\.jsonl/,
    );
    expectToFit(stdout, lab.folder);
  });

  it('has a ledger that adds up to the micro-dollar with the accounts', async () => {
    const { stdout } = await lab.winnow('status', '--ledger');
    expect(stdout).toMatch(/\n +labels +\$0\.740742 +\$0\.493828 +\$48\.765430\n/);
    expect(stdout.match(/round [12], label of q\d\d/g)).toHaveLength(10);
    expect(stdout).toMatch(/\n +total +\d+ +\$0\.740742 +\$0\.493828 +\$1\.234570\n/);
    expect(stdout).toContain('The sums match the accounts above, to the micro-dollar.');
    expectToFit(stdout, lab.folder);

    const status = JSON.parse((await lab.winnow('status', '--ledger', '--json')).stdout);
    const { entries, sums, agrees } = status.ledger;
    expect(agrees).toBe(true);
    const cost = entries.reduce((sum: number, { costMicroUsd }: { costMicroUsd: number }) => sum + costMicroUsd, 0);
    expect(cost).toBe(10 * 123_457);
    expect(sums.at(-1)).toMatchObject({ account: 'total', entries: entries.length });
    expect(status.spending.total).toEqual({ settledMicroUsd: 740_742, reservedMicroUsd: 493_828 });
    expect(status.rounds).toHaveLength(2);
    expect(status.rounds[0].outcome).toMatchObject({ round: 1, evaluated: 20 });
    expect('ledger' in JSON.parse((await lab.winnow('status', '--json')).stdout)).toBe(false);
  });

  it('goes on without labels that are missing, frees their money, and ends by the budget with exit code 3', async () => {
    lab.label(2, 'half.jsonl', (_, index) => (index < 2 ? {} : { response: '' }));
    await lab.winnow('import', 'half.jsonl');
    const { code, stdout } = await lab.winnow('run', '--go-on');
    expect(stdout).toContain('Labels are in: 2 labeled, 2 withdrawn ($0.246914 released)');
    expect(stdout).toContain('The campaign has ended. 2 of 2 rounds are done. Raise rounds.most to continue.');
    // All rounds are done: that is no shortage.
    expect(code).toBe(0);
    const { stdout: status } = await lab.winnow('status');
    expect(status).toContain('Ended  2 of 2 rounds are done.');
    lab.write('winnow.yaml', CONFIG.replace('most: 2', 'most: 9').replace('labels: 10', 'labels: 8'));
    const ended = await lab.winnow('next');
    expect(ended.stdout).toContain('Label budget used (8 of 8). Raise budget.labels to continue.');
    expect(ended.code).toBe(3);
  });

  it('writes what was labeled, to train on', async () => {
    const { code, stdout } = await lab.winnow('export', '--training', 'prompt-completion', '-C', lab.folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Wrote 6 labels to train on, and 2 held out:\n/);
    expect(readLines(lab.read('training-prompt-completion/train.jsonl'))).toHaveLength(6);
  });
});

describe('winnow run --go-on', () => {
  it('does without the labels of the round that waits, and waits for those of the next', async () => {
    const lab = campaignLab(root, 'go on', { config: CONFIG.replace('most: 2', 'most: 5') });
    await lab.winnow('run');
    lab.label(1, 'some.jsonl', (_, index) => (index < 3 ? {} : { response: '' }));
    await lab.winnow('import', 'some.jsonl');
    const { code, stdout } = await lab.winnow('run', '--go-on');
    expect(code).toBe(3);
    expect(stdout).toContain('Labels are in: 3 labeled, 3 withdrawn');
    expect(stdout).toContain('Waiting for 4 of 4 labels.');
  });
});

describe('a folder elsewhere', () => {
  it('is named by -C, also in the command to type next', async () => {
    const lab = campaignLab(root, "it's elsewhere");
    const { stdout } = await campaignLab(root, 'here').winnow('next', '-C', "../it's elsewhere");
    expect(stdout).toContain(`next  winnow next -C '../it'\\''s elsewhere': plans the next round`);
    expect(existsSync(join(lab.folder, 'winnow.db'))).toBe(true);
  });
});

describe('what is wrong', () => {
  it('with winnow.yaml is named with its lines, by every command', async () => {
    const lab = campaignLab(root, 'wrong', { config: CONFIG.replace('most: 2', 'most: two').replace('seed:', 'sed:') });
    for (const command of [['next'], ['run'], ['status'], ['export'], ['import', 'x']]) {
      const { code, stdout, stderr } = await lab.winnow(...command);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/winnow\.yaml:6: rounds\.most is "two"; it must be a whole number/);
      expect(stderr).toMatch(/winnow\.yaml:7: unknown key "sed" in rounds\. Did you mean "seed"\?/);
    }
  });

  it('without a winnow.yaml says how to begin', async () => {
    const lab = campaignLab(root, 'none', { config: null });
    const { code, stderr } = await lab.winnow('next');
    expect(code).toBe(1);
    expect(stderr).toContain('Create one with winnow init');
  });

  it('is told in the words of winnow.yaml, not of the options of pick', async () => {
    const unpriced = campaignLab(root, 'unpriced', {
      config: `${CONFIG.replace('strategy: k-means', 'strategy: selectllm')}llm: { provider: openai, model: gpt-99 }\n`,
      environment: { OPENAI_API_KEY: 'key' },
    });
    const { stderr } = await unpriced.winnow('run');
    expect(stderr).toContain('llm.price: { input: 0.15, output: 0.6 }');
    const broken = campaignLab(root, 'broken');
    broken.write('pool.jsonl', '{"instruction": "One?"}\n{"instruct": "Two?"}\n');
    const bad = await broken.winnow('next');
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('line 2');
    expect(bad.stderr).toContain('Set pool.fields.instruction to the field that holds the text');
    expect(`${stderr}${bad.stderr}`).not.toMatch(/--(?:price|instruction-field|skip-bad-lines)/);
  });

  it.each([
    [['next', '--frobnicate']],
    [['next', '-C', 'winnow.yaml']],
    [['status', '-C', 'winnow.yaml']],
    [['import']],
    [['import', 'x.json', '--pull']],
    [['export', '--to', 'paper']],
    [['export', '--training', 'alpaca', '--to', 'csv']],
    [['export', '--push', '-o', 'x']],
    [['export', '--round', '0']],
  ] as const)('with the command line %j ends with exit code 2', async (args) => {
    const lab = campaignLab(root, `usage ${args.join(' ')}`);
    expect((await lab.winnow(...args)).code).toBe(2);
  });
});

describe('while another process is at work', () => {
  it('status looks on, and next says who is', async () => {
    const lab = campaignLab(root, 'busy');
    await lab.winnow('next');
    const holder = spawn(process.execPath, ['--import', 'tsx', HOLD_LOCK, join(lab.folder, 'winnow.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(holder.stdout, 'data');
      const status = await lab.winnow('status');
      expect(status.code).toBe(0);
      expect(status.stdout).toContain('32 instructions from pool.jsonl');
      const next = await lab.winnow('next');
      expect(next.code).toBe(1);
      expect(next.stderr).toContain(`in use by process ${holder.pid}`);
      expect(next.stderr).toContain('Wait for it to end or stop it');
      expect(next.stderr).not.toContain('--state');
    } finally {
      holder.kill('SIGKILL');
    }
  });
});

/** A campaign whose seed round is chosen by a provider. */
async function paid(
  name: string,
  {
    budget = 'labels: 10, totalUsd: 50',
    ...timing
  }: { budget?: string; hold?: NonNullable<ServerOptions['hold']> } = {},
) {
  const server = await startOpenAiServer(timing);
  servers.push(server);
  const llm = `llm: { provider: openai, model: gpt-4o-mini, baseUrl: '${server.url}/v1' }\nrequests: { concurrency: 1 }\n`;
  const config = CONFIG.replace('{ strategy: k-means,', '{ strategy: selectllm, options: { perQuery: 2 },')
    .replace('labels: 10, totalUsd: 50', budget)
    .concat(llm);
  const environment = { OPENAI_API_KEY: 'sk-secret-123456' };
  return { server, environment, lab: campaignLab(root, name, { config, environment }) };
}

describe('money', () => {
  it('is not spent without a terminal to ask on, unless --yes is given', async () => {
    const { lab, server } = await paid('unasked');
    const refused = await lab.winnow('run');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/The step "select" of round 1 costs money \(\$0\.\d+ expected, \$0\.\d+ at worst\)/);
    expect(refused.stderr).toContain('Add --yes to accept the cost');
    expect(server.requests).toHaveLength(0);
    const agreed = await lab.winnow('run', '--yes');
    expect(agreed.code).toBe(3);
    expect(agreed.stdout).toMatch(
      /Selected 6 of 32 candidates by selectllm, in 3 queries \(\$0\.7\d+ spent or set aside\)/,
    );
    expect(server.requests).toHaveLength(3);
    const { stdout } = await lab.winnow('status', '--ledger');
    expect(stdout.match(/choose, query \d/g)).toHaveLength(3);
    expect(stdout).toContain('The sums match the accounts above');
  });

  it.skipIf(!HAS_TERMINAL)('is asked for on a terminal, with what is left; "no" ends it with exit code 3', async () => {
    const { lab, server, environment } = await paid('asked');
    await lab.winnow('next');
    await lab.winnow('next');
    const options = { cwd: lab.folder, environment: { ...environment, WINNOW_CACHE_DIR: root.file('cache') } };
    const no = await onTerminal(['next'], [{ at: 'Accept this cost?', keys: 'n' }], options);
    expect(no.screen).toContain('Round 1, select: choose instructions');
    expect(no.screen).toMatch(
      /models +\$0\.\d+ expected, \$0\.\d+ at worst; \$\d+\.\d+ if every request\s+is\s+lost and sent\s+again; \$50\.00 left/,
    );
    expect(no.screen).toContain('Stopped. Nothing was spent.');
    expect(no.code).toBe(3);
    expect(server.requests).toHaveLength(0);
    const yes = await onTerminal(['next'], [{ at: 'Accept this cost?', keys: 'y' }], options);
    expect(yes.code).toBe(0);
    expect(server.requests).toHaveLength(3);
  });

  it('that no cap has room for stops the step before it begins, with exit code 3', async () => {
    const { lab, server } = await paid('poor', { budget: 'labels: 10, totalUsd: 50, llmUsd: 0.0001' });
    const { code, stdout } = await lab.winnow('run', '--yes');
    expect(code).toBe(3);
    expect(stdout).toMatch(/Raise budget.llmUsd/);
    expect(server.requests).toHaveLength(0);
  });
});

describe('Ctrl-C', () => {
  it('lets calls under way end; the same command goes on and asks nothing twice', async () => {
    const { lab, server } = await paid('interrupted', { hold: () => run.printed('Stopping') });
    const run: CliRun = lab.start('run', '--yes', '--json');
    await server.received(1);
    run.process.kill('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect(stderr).toContain('Stopping after the open calls.');
    expect(code).toBe(130);
    expect(JSON.parse(stdout).steps.at(-1)).toMatchObject({ step: 'select', done: false, because: 'interrupt' });
    const again = await lab.winnow('run', '--yes');
    expect(again.code).toBe(3);
    expect(server.requests).toHaveLength(3);
  });
});

describe('the library', () => {
  it('runs a campaign as the commands do, and stops between steps when its signal aborts', async () => {
    const lab = campaignLab(root, 'library');
    const stop = new AbortController();
    const campaign = await openCampaign(lab.folder, { cacheFolder: root.file('cache'), signal: stop.signal });
    try {
      const steps: string[] = [];
      const last = await campaign.run({
        onStep: ({ step }) => {
          steps.push(step);
          if (step === 'plan-round') stop.abort(new Error('enough'));
        },
      });
      expect(steps).toEqual(['add-pool', 'plan-round']);
      expect(last).toMatchObject({ step: 'plan-round', done: true, next: { step: 'select', round: 1 } });
    } finally {
      await campaign.close();
    }
    const viewed = await viewCampaign(lab.folder);
    expect(JSON.parse((await lab.winnow('status', '--json')).stdout)).toEqual(
      JSON.parse(JSON.stringify(await viewed.status())),
    );
    await viewed.close();
  });
});

describe('hostile texts', () => {
  it('of pool, labels and trainings reach no terminal', async () => {
    const config = CONFIG.replace('dedupeThreshold: 0', 'dedupeThreshold: 0, skipBadLines: true').concat(
      'trainer: { kind: command, command: cat model.json, worstCaseUsd: 0 }\n',
    );
    const lab = campaignLab(root, 'hostile', { config });
    const server = await startOpenAiServer({ chat: () => ({ text: `Answer ${HOSTILE}` }) });
    servers.push(server);
    lab.write('model.json', JSON.stringify({ model: `evil ${HOSTILE}`, baseUrl: `${server.url}/v1` }));
    const records = readLines(lab.read('pool.jsonl')).map(({ id, instruction }) => ({
      id: `${HOSTILE}${id}`,
      instruction: `${instruction} ${HOSTILE}`,
    }));
    lab.write(
      'pool.jsonl',
      records
        .map((record) => JSON.stringify(record))
        .join('\n')
        .concat(`\n{"${HOSTILE}": 1}\n`),
    );
    const shown: string[] = [];
    const winnow = async (...args: string[]) => {
      const { stdout, stderr } = await lab.winnow(...args);
      shown.push(stdout, stderr);
    };
    await winnow('run');
    lab.label(1, 'done.jsonl', (_, index) => (index === 0 ? { id: `${HOSTILE}unknown` } : {}));
    await winnow('import', 'done.jsonl');
    lab.write('foreign.jsonl', `{"id": "${HOSTILE}", "response": "x", "verdict": "${HOSTILE}"}\n${HOSTILE}\n`);
    await winnow('import', 'foreign.jsonl', '--from', 'jsonl');
    await winnow('run', '--go-on', '--yes');
    expect(lab.tasks(2)[0]).toMatchObject({ draft: `Answer ${HOSTILE}` });
    await winnow('status', '--ledger');
    const all = shown.join('');
    expect(all).toContain('not found in any pool file');
    expect(all).toContain('Trained evil');
    for (const mark of HOSTILE_MARKS) expect(all).not.toContain(mark);
  });
});

it('tells errors as JSON too where JSON is asked for', async () => {
  const { code, stdout } = await runCli(['next', '--json'], { cwd: root.path });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('no winnow.yaml'),
      hint: expect.any(String),
      data: {},
    },
  });
});
