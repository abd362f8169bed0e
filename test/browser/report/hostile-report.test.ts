import { beforeAll, describe, expect, it } from 'vitest';
import { report } from '../../../src/report/report.ts';
import type { ReportData } from '../../../src/report/report-data.ts';
import { CampaignLab, isStep } from '../../campaign/campaign-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { fakeReport } from './fake-report.ts';
import { type OpenReport, reportOpener, sidewaysOverflow } from './report-lab.ts';

/** Texts that try to run scripts, send requests, leave the data block, or break the layout. */
const HOSTILE = [
  '<script>document.title = "ran"</script>',
  '</script><script>document.title = "ran"</script><!--',
  '<img src="https://example.com/pixel.png" onerror="document.title = \'ran\'">',
  '"><svg onload="document.title = \'ran\'"><a href="javascript:document.title=1" onmouseover="document.title=2">',
  '<style>body { display: none }</style><meta http-equiv="refresh" content="0; url=https://example.com">',
  '\u202e\u2066 مرحبا بالعالم \u200f \u001b[2J\u001b[31mred\u0007 \0 \ud800 \udc00 \u2028 \u2029 ]]> &lt;b&gt;',
  'W'.repeat(200),
  '{{constructor.constructor("document.title = 1")()}} __proto__',
];
/** Keys whose values the page must know. */
const OUR_KEYS = new Set(['format', 'kind', 'state', 'account', 'method', 'sha256']);

describe.skipIf(!HAS_CHROMIUM)('a report full of hostile texts', () => {
  const open = reportOpener();
  const plain = fakeReport({ points: 24, picksPerRound: 9, rounds: 2, instructions: 24 });
  const hostile = everyTextHostile(plain);

  it('runs no foreign scripts, sends no requests and keeps its layout, wide or narrow', async () => {
    const opened = await open(hostile);
    await openEverything(opened);
    await expectToFit(opened);
    await expectHarmless(opened);
  });

  it('prints without running foreign scripts', async () => {
    const opened = await open(hostile);
    await opened.page.emulateMedia({ media: 'print' });
    await opened.page.locator('#picks tbody tr').nth(17).waitFor();
    await expectHarmless(opened);
  });

  it('shows texts unchanged', async () => {
    const { page } = await open(hostile);
    const shown = await page.locator('#picks tbody').innerText();
    for (const text of HOSTILE.slice(0, 5)) expect(shown).toContain(text);
    expect(
      await page.locator('h1 script, h1 img, main script, main img, main style, main a:not([href^="#"])').count(),
    ).toBe(0);
    // The writing direction of a text does not affect others.
    expect(await page.locator('#picks tbody td:nth-child(3) bdi').first().getAttribute('dir')).toBe('auto');
  });
});

describe.skipIf(!HAS_CHROMIUM)('the report of a campaign on a hostile pool', () => {
  const home = temporaryFolder();
  const open = reportOpener();
  let data: ReportData;
  beforeAll(async () => {
    const lab = new CampaignLab(home, 'hostile');
    const records = Array.from({ length: 24 }, (_, index) => ({
      id: `${index} ${HOSTILE[index % HOSTILE.length]}`,
      instruction: `Item ${index}: ${HOSTILE[index % HOSTILE.length]!.toWellFormed()}${index === 3 ? ' long'.repeat(200_000) : ''}`,
      output: 'An answer.',
      '<img src=x onerror="document.title = 1">': HOSTILE[index % 3],
      constructor: HOSTILE[index % 4],
    }));
    lab.writePool('pool.jsonl', records);
    lab.write(
      'winnow.yaml',
      `${lab.read('winnow.yaml')}# </script><script>document.title = "ran"</script> \u001b[31m \u202e\n`,
    );
    await lab.work(async (campaign) => {
      await lab.play(campaign, { until: isStep('export', 1) });
      await campaign.importLabels(
        lab.annotate(1, (_, index) => ({ response: HOSTILE[1]!, annotator: HOSTILE[index % HOSTILE.length]! })),
      );
    });
    data = await report(lab.folder, { ...lab.options, nodeVersion: 'v20.20.0' });
  });

  it('runs no foreign scripts, sends no requests and keeps its layout, wide or narrow', async () => {
    expect(data.headline.labeled).toBe(8);
    expect(data.map?.fields.length).toBeGreaterThan(0);
    const opened = await open(data);
    await openEverything(opened);
    await expectToFit(opened);
    await expectHarmless(opened);
    expect(await opened.page.locator('#provenance pre').innerText()).toContain('# </script><script>document.title');
  });
});

/** The same report with hostile texts of the pool, people, models and files. */
function everyTextHostile(plain: ReportData): ReportData {
  let texts = 0;
  const change = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => change(one, key));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one, name)]));
    if (typeof value !== 'string' || OUR_KEYS.has(key)) return value;
    texts += 1;
    return HOSTILE[texts % HOSTILE.length];
  };
  return change(plain, '') as ReportData;
}

/** Opens all tables, and uses points, colors and sorting. */
async function openEverything({ page }: OpenReport): Promise<void> {
  for (const summary of await page.locator('summary').all()) await summary.click();
  const colors = page.getByLabel('Color by');
  for (const option of await colors.locator('option').all())
    await colors.selectOption((await option.getAttribute('value'))!);
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.card').waitFor();
  await page.locator('#picks').getByRole('button', { name: 'Instruction' }).click();
}

async function expectToFit({ page }: OpenReport): Promise<void> {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 });
    // Drawings adapt to the width.
    await expect.poll(() => page.locator('.drawing').first().getAttribute('width').then(Number)).toBeLessThan(width);
    expect(await sidewaysOverflow(page)).toBe(0);
  }
}

async function expectHarmless({ page, problems, requests }: OpenReport): Promise<void> {
  expect(await page.title()).not.toMatch(/^(?:ran|1|2)$/);
  expect(await page.locator('#report').count()).toBe(1);
  expect({ problems, requests }).toEqual({ problems: [], requests: [] });
}
