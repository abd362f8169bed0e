import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportData } from '../../src/report/report-data.ts';
import type { CliResult } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { type CampaignLab, CONFIG, campaignLab, HOSTILE, HOSTILE_MARKS } from './campaign-lab.ts';
import { HAS_TERMINAL, onTerminal } from './on-terminal.ts';

const root = temporaryFolder();

/** What the page in a file draws. */
function dataIn(path: string): ReportData {
  const json = /<script type="application\/json" id="report-data">([^<]*)<\/script>/.exec(
    readFileSync(path, 'utf8'),
  )?.[1];
  return JSON.parse(json!);
}

/** Without what differs from one moment to the next. */
function timeless({ campaign, ...data }: ReportData): object {
  return { ...data, campaign: { ...campaign, reportedAtMs: 0 } };
}

describe('winnow report', () => {
  const lab = campaignLab(root, 'signed');
  const page = join(lab.folder, 'winnow-report.html');
  let first: CliResult;
  beforeAll(async () => {
    await lab.winnow('run');
    lab.label(1, 'labels.jsonl', (_, index) => (index === 0 ? { verdict: 'reject' } : { annotator: HOSTILE }));
    await lab.winnow('import', 'labels.jsonl');
    await lab.winnow('run');
    first = await lab.winnow('report');
  });

  it('writes one page into the folder of the campaign and says what is in it', () => {
    expect(first.code).toBe(0);
    const lines = first.stdout.split('\n');
    const size = Math.round(statSync(page).size / 1000);
    expect(lines[0]).toBe(`Wrote the report of signed to winnow-report.html (${size} kB)`);
    expect(first.stdout).toContain('  labels    5 labeled of 10 picked in 2 rounds\n');
    expect(first.stdout).toMatch(/\n {2}failures {2}\d+ % of \d+ instructions of the pool \(95 %: \d+–\d+ %\)\n/);
    expect(first.stdout).toMatch(/\n {2}coverage {2}radius \d\.\d{3}; \d\.\d{3} with random picks\n/);
    // 6 × $0.123457 paid, 4 awaited; 5 labels that can be trained on or compared with.
    expect(first.stdout).toMatch(/\n {2}cost +\$0\.74 spent, \$0\.49 set aside; \$0\.15 per useful label\n/);
    expect(readFileSync(page, 'utf8')).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)[^"'\s]+\.(?:js|css|png|woff)/);
  });

  it('prints what the page holds as JSON, and writes no file then', async () => {
    const written = statSync(page).mtimeMs;
    const { code, stdout } = await lab.winnow('report', '--json');
    expect(code).toBe(0);
    expect(timeless(JSON.parse(stdout))).toEqual(timeless(dataIn(page)));
    expect(statSync(page).mtimeMs).toBe(written);
    expect(HOSTILE_MARKS.filter((mark) => first.stdout.includes(mark))).toEqual([]);
  });

  it('writes and prints where both are asked for', async () => {
    const { code, stdout } = await lab.winnow('report', '--json', '-o', 'both.html');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(dataIn(join(lab.folder, 'both.html')));
  });

  it('is the same file again where nothing has happened, but for its time', async () => {
    const before = timeless(dataIn(page));
    const { code } = await lab.winnow('report', '--no-open');
    expect(code).toBe(0);
    expect(timeless(dataIn(page))).toEqual(before);
  });

  it('replaces an earlier report, through a link too, and nothing else without --force', async () => {
    lab.write('notes.html', '<!doctype html><p>My own.');
    const refused = await lab.winnow('report', '-o', 'notes.html');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('error  "notes.html" already exists and is not a winnow report.');
    expect(refused.stderr).toContain('overwrite it with --force');
    expect(lab.read('notes.html')).toBe('<!doctype html><p>My own.');
    symlinkSync('notes.html', join(lab.folder, 'link.html'));
    expect((await lab.winnow('report', '-o', 'link.html', '--force')).code).toBe(0);
    expect(dataIn(join(lab.folder, 'notes.html')).format).toBe(1);
    // It is a report now.
    expect((await lab.winnow('report', '-o', 'link.html')).code).toBe(0);
    lab.write('empty.html', '');
    expect((await lab.winnow('report', '-o', 'empty.html')).code).toBe(0);
  });

  it.each([
    ['winnow.db', 'would overwrite'],
    ['winnow.yaml', 'would overwrite'],
    ['pool.jsonl', 'would overwrite'],
    ['-', 'A report is a web page and must be written to a file.'],
    ['nowhere/report.html', 'there is no folder "nowhere"'],
    ['.', 'it is a folder'],
  ])('never writes to %s, forced or not', async (path, says) => {
    const before = existsSync(join(lab.folder, path)) && statSync(join(lab.folder, path)).mtimeMs;
    const { code, stdout, stderr } = await lab.winnow('report', '--force', '-o', path);
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(says);
    if (before !== false) expect(statSync(join(lab.folder, path)).mtimeMs).toBe(before);
  });

  it('works while people annotate, and names the folder with -C', async () => {
    const desk = lab.start('annotate', '--port', '0', '--no-open');
    try {
      await desk.printed('http://');
      const elsewhere = campaignLab(root, 'elsewhere', { config: null });
      const { code, stdout } = await elsewhere.winnow('report', '-C', lab.folder);
      expect({ code, running: desk.process.exitCode }).toEqual({ code: 0, running: null });
      expect(stdout).toContain('Wrote the report of signed to ');
      expect(existsSync(join(elsewhere.folder, 'winnow-report.html'))).toBe(false);
    } finally {
      desk.process.kill('SIGKILL');
      await desk.ended;
    }
  });

  describe.skipIf(!HAS_TERMINAL)('on a terminal', () => {
    const opened = root.file('opened');
    const browser = root.file('browser.sh');
    const home = root.file('desktop');
    mkdirSync(home);
    writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$1" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`, {
      mode: 0o755,
    });
    // A desktop's own browser would go before $BROWSER: here is a desktop without any.
    const environment = { BROWSER: browser, HOME: home, XDG_DATA_DIRS: home, WINNOW_CACHE_DIR: root.file('cache') };

    it.each([
      ['without a screen', ['report'], {}],
      ['when told so', ['report', '--no-open'], { DISPLAY: ':0' }],
    ])('opens no browser %s', async (_, args, more) => {
      const { code, screen } = await onTerminal(args, [], {
        cwd: lab.folder,
        environment: { ...environment, ...more },
      });
      expect(code).toBe(0);
      for (const line of screen.slice(screen.indexOf('Wrote the report of signed')).split(/\r?\n/))
        expect(line.length).toBeLessThanOrEqual(80);
      expect(existsSync(opened)).toBe(false);
    });

    it('opens the page in a browser where there is a screen', async () => {
      const { code, screen } = await onTerminal(['report'], [], {
        cwd: lab.folder,
        environment: { ...environment, DISPLAY: ':0' },
      });
      expect(code).toBe(0);
      await until(
        () => existsSync(opened),
        () => `the browser to be opened: ${screen}`,
      );
      expect(readFileSync(opened, 'utf8')).toContain(page);
    });
  });
});

describe('before there is anything to report', () => {
  async function refusal(lab: CampaignLab): Promise<CliResult> {
    const result = await lab.winnow('report');
    expect(existsSync(join(lab.folder, 'winnow-report.html'))).toBe(false);
    return result;
  }

  it('says what to do where no campaign is', async () => {
    const { code, stderr } = await refusal(campaignLab(root, 'none', { config: null }));
    expect(code).toBe(1);
    expect(stderr).toContain('winnow init');
  });

  it('says what to do where it is not begun, and leaves no trace', async () => {
    const lab = campaignLab(root, 'not-begun');
    const { code, stderr } = await refusal(lab);
    expect(code).toBe(1);
    expect(stderr).toContain('Run winnow next');
    expect(existsSync(join(lab.folder, 'winnow.db'))).toBe(false);
  });

  it('reports the pool once that is read, without a single label', async () => {
    const lab = campaignLab(root, 'pool-alone', { config: CONFIG.replace('k-means', 'random') });
    expect((await lab.winnow('next')).code).toBe(0);
    const { code, stdout } = await lab.winnow('report');
    expect(code).toBe(0);
    expect(stdout).toContain('labels  0 labeled of 0 picked in 0 rounds');
    expect(dataIn(join(lab.folder, 'winnow-report.html')).headline).toMatchObject({ instructions: 32, rounds: 0 });
  });
});
