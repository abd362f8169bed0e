import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CliRun } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { type CampaignLab, CONFIG, campaignLab } from './campaign-lab.ts';
import { HAS_TERMINAL, onTerminal } from './on-terminal.ts';

const root = temporaryFolder();
/** Nothing needs to be embedded. */
const QUICK = CONFIG.replace('k-means', 'random');

const running: CliRun[] = [];
afterEach(async () => {
  for (const run of running.splice(0)) {
    run.process.kill('SIGKILL');
    await run.ended;
  }
});

interface Page {
  readonly run: CliRun;
  /** What was printed until it listened. */
  readonly printed: string;
  readonly url: string;
  ask(
    method: string,
    path: string,
    options?: { body?: object; token?: string | undefined },
  ): Promise<{ status: number; body: Body }>;
  /** Ends it as Ctrl-C does. */
  end(signal?: NodeJS.Signals): ReturnType<CampaignLab['winnow']>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read any answer.
type Body = any;

/** Starts `winnow annotate` and waits until it has said where it is. */
async function annotate(lab: CampaignLab, ...args: string[]): Promise<Page> {
  const run = lab.start('annotate', '--port', '0', ...args);
  running.push(run);
  const printed = await run.printed(/Ctrl-C|"listening"/);
  const url = /http:\/\/[^/\s]+/.exec(printed)?.[0] ?? '';
  return {
    run,
    printed,
    url,
    ask: async (method, path, { body, token } = {}) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          'x-winnow-annotator': 'anna',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
    },
    end: (signal: NodeJS.Signals = 'SIGINT') => {
      run.process.kill(signal);
      return run.ended;
    },
  };
}

/** Answers the next item. */
async function answerNext(page: Page, verdict: 'accepted' | 'rejected' | 'skipped' = 'accepted'): Promise<void> {
  const { item } = (await page.ask('POST', '/api/next')).body;
  const label = { revision: item.writing.revision, response: 'An answer.', comment: 'A reason.', seconds: 0, verdict };
  const { status } = await page.ask('POST', `/api/items/${item.number}/label`, { body: label });
  expect(status).toBe(200);
}

let lab: CampaignLab;
beforeAll(async () => {
  lab = campaignLab(root, 'campaign', { config: QUICK });
  expect((await lab.winnow('run')).code).toBe(3);
});

describe('winnow annotate', () => {
  it('says where the page is, serves it, and at the end what was done and what to type next', async () => {
    const page = await annotate(lab);
    expect(page.printed).toMatch(
      /^campaign, seed round 1: 6 of 6 items to label\n {2}page +http:\/\/127\.0\.0\.1:\d+\/\n {2}team +http:\/\/127\.0\.0\.1:\d+\/lead\nOnly this machine can reach it\.\n/,
    );
    expect((await page.ask('GET', '/')).body).toContain('<script src="/annotate.js" defer>');
    expect((await page.ask('GET', '/annotate.js')).body.length).toBeGreaterThan(10_000);
    await answerNext(page);
    await answerNext(page, 'rejected');
    const { code, stdout, stderr } = await page.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Finishing open requests…\n' });
    expect(stdout.slice(page.printed.length)).toMatch(
      /^Stopped\. 2 labels submitted, for \$0\.246914:\n +annotator +answered +rejected +time +cost\n +anna +1 +1 +0\.0 s +\$0\.246914\n\n +next +winnow annotate: 4 labels are awaited/,
    );
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('says so where nothing was done, and ends by %s too', async (signal) => {
    const page = await annotate(lab);
    expect(page.printed).toContain('4 of 6 items to label');
    const { code, stdout } = await page.end(signal);
    expect(code).toBe(0);
    expect(stdout).toContain('Stopped. No labels were submitted.');
  });

  it('prints a line of JSON when it listens and one when it ends', async () => {
    const page = await annotate(lab, '--json');
    await answerNext(page, 'skipped');
    const { stdout } = await page.end();
    const [listening, ended, ...more] = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(more).toEqual([]);
    expect(listening).toMatchObject({
      event: 'listening',
      campaign: 'campaign',
      annotators: `${page.url}/`,
      leads: `${page.url}/lead`,
      port: Number(new URL(page.url).port),
      progress: { round: 1, items: 6, complete: 2 },
    });
    expect(ended).toMatchObject({
      event: 'ended',
      work: [{ annotator: 'anna', answered: 0, rejected: 0, skipped: 1, costMicroUsd: 0 }],
      command: { line: 'winnow annotate' },
    });
  });

  it('goes on where it was killed, with what was typed', async () => {
    const page = await annotate(lab);
    const { item } = (await page.ask('POST', '/api/next')).body;
    const body = { revision: item.writing.revision, response: 'half a sen', comment: '', seconds: 1 };
    await page.ask('PUT', `/api/items/${item.number}/writing`, { body });
    await page.end('SIGKILL');
    const again = await annotate(lab, '--port', new URL(page.url).port);
    expect(again.url).toBe(page.url);
    expect((await again.ask('POST', '/api/next')).body.item).toMatchObject({
      number: item.number,
      writing: { response: 'half a sen' },
    });
  });

  it('stands beside the other commands', async () => {
    const other = campaignLab(root, 'beside', { config: QUICK });
    await other.winnow('run');
    const page = await annotate(other, '-C', '.');
    for (let item = 0; item < 6; item += 1) await answerNext(page);
    expect((await other.winnow('status')).stdout).toMatch(/6 labeled/);
    const { code, stdout } = await other.winnow('run');
    expect({ code, labels: stdout.includes('Labels are in: 6 labeled') }).toEqual({ code: 3, labels: true });
    // The next round is there at once, with what the seed model answered.
    const { item, progress } = (await page.ask('POST', '/api/next')).body;
    expect(progress).toMatchObject({ round: 2, kind: 'necessity', items: 4 });
    expect(item.failingAnswer).toMatchObject({ response: expect.any(String), judgeReason: expect.any(String) });
    expect((await page.end()).stdout).toContain('Stopped. 6 labels submitted');
  });

  it('prints a line for each request if it is asked to, without what was searched for', async () => {
    const page = await annotate(lab, '--verbose');
    await page.ask('GET', '/api/items?search=secret');
    await page.ask('GET', '/api/items/%1b%5b2J');
    const { stderr } = await page.end();
    expect(stderr).toMatch(/^GET \/api\/items 200 \d+ ms\nGET \/api\/items\/%1b%5b2J 404 \d+ ms\n/);
    expect(stderr).not.toContain('secret');
  });
});

describe('winnow annotate --host', () => {
  const environment = { WINNOW_ANNOTATE_TOKEN: 'the-annotators-token', WINNOW_LEAD_TOKEN: 'the-token-of-leads' };

  it('asks for the tokens of the environment and keeps them out of files and logs', async () => {
    const own = campaignLab(root, 'tokens', { config: QUICK, environment });
    await own.winnow('run');
    const page = await annotate(own, '--host', '127.0.0.1', '--verbose');
    expect(page.printed).toContain(`annotators  ${page.url}/#token=the-annotators-token\n`);
    expect(page.printed).toContain(`leads       ${page.url}/lead#token=the-token-of-leads\n`);
    const session = async (token?: string) => {
      const { status, body } = await page.ask('GET', '/api/session', { token });
      return `${status} ${body.role}`;
    };
    expect(await session()).toBe('401 undefined');
    expect(await session('the-annotators-tokem')).toBe('401 undefined');
    expect(await session(environment.WINNOW_ANNOTATE_TOKEN)).toBe('200 annotator');
    expect(await session(environment.WINNOW_LEAD_TOKEN)).toBe('200 lead');
    const { stderr } = await page.end();
    for (const file of ['winnow.db', 'winnow.db-wal'].filter((name) => existsSync(`${own.folder}/${name}`))) {
      expect(own.read(file)).not.toContain('the-annotators-token');
    }
    expect(stderr).not.toMatch(/the-annotators-token|the-token-of-leads/);
  });

  it('makes them where there are none, the same at every start', async () => {
    const tokens = async () => {
      const page = await annotate(lab, '--host', '0.0.0.0');
      await page.end();
      return page.printed.match(/#token=(\S+)/g)!;
    };
    const [first, second] = [await tokens(), await tokens()];
    expect(second).toEqual(first);
    expect(new Set(first).size).toBe(2);
    for (const token of first) expect(token).toMatch(/^#token=[\w-]{43}$/);
    expect(statSync(`${lab.folder}/winnow.key`).mode & 0o777).toBe(0o600);
    writeFileSync(`${lab.folder}/winnow.key`, 'half');
    const damaged = await lab.winnow('annotate', '--host', '127.0.0.1', '--port', '0');
    expect(damaged).toMatchObject({ code: 2, stderr: expect.stringContaining('winnow.key is damaged') });
    rmSync(`${lab.folder}/winnow.key`);
    expect(await tokens()).not.toEqual(first);
  });

  it('gives each invited person a link of their own, and others none', async () => {
    const page = await annotate(lab, '--invite', 'Ann', 'Zoë 山田', '--json');
    const [{ annotators, leads, people }] = page.printed.split('\n').map((line) => JSON.parse(line || 'null'));
    expect({ annotators, names: people.map((one: { annotator: string }) => one.annotator) }).toEqual({
      annotators: null,
      names: ['Ann', 'Zoë 山田'],
    });
    const tokenIn = (link: string) => new URLSearchParams(new URL(link).hash.slice(1)).get('token')!;
    const session = async (token: string) => (await page.ask('GET', '/api/session', { token })).body;
    expect(await session(tokenIn(people[1].link))).toMatchObject({ role: 'annotator', name: 'Zoë 山田' });
    expect(await session(tokenIn(leads))).toMatchObject({ role: 'lead', name: null });
    await page.end();
    const again = await annotate(lab, '--invite', 'Ann');
    expect(again.printed).toContain(`  Ann    ${again.url}/#token=${encodeURIComponent(tokenIn(people[0].link))}\n`);
    expect(again.printed).not.toContain('annotators');
    await again.end();
    const alike = await lab.winnow('annotate', '--invite', 'ANN', '--port', '0');
    expect(alike).toMatchObject({ code: 1, stderr: expect.stringContaining('This name looks like "Ann"') });
  });

  it('asks for one behind a proxy as well, and answers to its name', async () => {
    const page = await annotate(lab, '--allow-host', 'label.example.org');
    expect(page.printed).toContain('#token=');
    expect((await page.ask('GET', '/api/session')).status).toBe(401);
  });
});

describe('winnow annotate says what to do', () => {
  it('where nothing was selected yet', async () => {
    const fresh = campaignLab(root, 'fresh', { config: QUICK });
    for (const attempt of [0, 1]) {
      const { code, stdout, stderr } = await fresh.winnow('annotate', '--no-open');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      // Once with no state at all, once with a pool that was read.
      expect(stderr).toBe(
        attempt === 0
          ? 'error  This campaign has not started.\n       Run winnow next, which reads the pool.\n'
          : 'error  No items have been selected yet.\n       Run winnow next until items are selected.\n',
      );
      if (attempt === 0) await fresh.winnow('next');
    }
  });

  it('where there is no campaign, or winnow.yaml is wrong', async () => {
    expect(await lab.winnow('annotate', '-C', 'nowhere')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('winnow init'),
    });
    expect(await lab.winnow('annotate', '-C', 'winnow.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a file'),
    });
    const wrong = campaignLab(root, 'wrong', { config: `${QUICK}\nlabel: {}\n` });
    const { code, stdout } = await wrong.winnow('annotate', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe('CONFIG_INVALID');
  });

  it('where the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await lab.winnow('annotate', '--port', String(port));
    server.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(stderr).toContain('--port');
  });

  it.each([
    [['--port', '70000'], {}, 'from 0 to 65535'],
    [['--port', 'http'], {}, 'from 0 to 65535'],
    [['--host', 'http://0.0.0.0'], {}, 'without http://'],
    [['--allow-host', 'a:80'], {}, '--allow-host a:80'],
    [['--host', '127.0.0.1'], { WINNOW_LEAD_TOKEN: 'short' }, 'WINNOW_LEAD_TOKEN must have 16'],
    [['--token', 'x'], {}, 'unknown option'],
  ] as const)('where the options are wrong: %j', async (args, environment, message) => {
    const own = campaignLab(root, `usage ${args.join(' ').replaceAll('/', '')}`, { config: QUICK, environment });
    const { code, stderr } = await own.winnow('annotate', ...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(stderr).not.toContain('short');
  });
});

describe.skipIf(!HAS_TERMINAL)('winnow annotate on a terminal', () => {
  /** Stands for a browser: writes down what it is to open. */
  function browser(name: string): { environment: NodeJS.ProcessEnv; opened: () => string | undefined } {
    const file = root.file(`${name}.opened`);
    const script = root.write(
      `${name}.sh`,
      `#!/bin/sh\nprintf '%s' "$1" > '${file}.part' && mv '${file}.part' '${file}'\n`,
    );
    chmodSync(script, 0o755);
    const home = root.file(`${name}.home`);
    mkdirSync(home);
    return {
      // A desktop's own browser would go before $BROWSER: here is a desktop without any.
      environment: { DISPLAY: ':0', BROWSER: script, HOME: home, XDG_DATA_DIRS: home },
      opened: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    };
  }

  const CTRL_C = '\u0003';
  const start = (args: string[], environment: NodeJS.ProcessEnv) =>
    onTerminal(['annotate', '--port', '0', ...args], [{ at: 'Ctrl-C to stop', keys: CTRL_C }], {
      cwd: lab.folder,
      environment,
    });

  it('opens the page in a browser, and ends by Ctrl-C', async () => {
    const { environment, opened } = browser('opens');
    const { screen } = await start([], environment);
    expect(screen).toContain('Stopped. No labels were submitted.');
    for (const line of screen.split(/\r?\n/)) expect(line.length).toBeLessThanOrEqual(80);
    await until(
      () => opened() !== undefined,
      () => `the browser to be opened: ${screen}`,
    );
    expect(screen).toContain(`page  ${opened()}`);
  });

  it.each([
    ['it is told not to', ['--no-open'], {}],
    ['the address is a secret', ['--host', '127.0.0.1'], {}],
    ['the screen is elsewhere', [], { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }],
  ] as const)('opens nothing where %s', async (_, args, more) => {
    const { environment, opened } = browser(`nothing ${args.join('')}`.trim().replaceAll(' ', '-'));
    const { screen } = await start([...args], { ...environment, ...more });
    expect(screen).toContain('Stopped.');
    expect(opened()).toBeUndefined();
  });
});
