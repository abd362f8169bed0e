import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, type Person, pagesForFile, REPORTED, response, saved } from './annotate-lab.ts';

/** Sets a flag on the window if it runs. */
const RUN = 'window.wasRun=true';
const ELSEWHERE = 'http://elsewhere.example';
const MEGABYTE = 1_000_000;

const HOSTILE = {
  scripts: `Say <script>${RUN}</script><script src="${ELSEWHERE}/x.js"></script> <b onclick="${RUN}">bold</b>`,
  handlers: `<img src=x onerror="${RUN}"><svg onload="${RUN}"><body onload=${RUN}><details open ontoggle=${RUN}>x</details>`,
  frames: `<iframe srcdoc="<script>parent.${RUN.slice(7)}</script>"></iframe><object data="${ELSEWHERE}"></object><embed src=//elsewhere.example>`,
  styles: `<style>@import url(${ELSEWHERE}/x.css); body { display: none }</style><link rel=stylesheet href="${ELSEWHERE}/y.css">\n\n<meta http-equiv=refresh content="0;url=${ELSEWHERE}"><base href="${ELSEWHERE}/">`,
  forms: `</textarea></p></div></body><form action="${ELSEWHERE}" id=response><input autofocus onfocus="${RUN}"></form>`,
  links: `[press](javascript:${RUN}) [me](JaVaScRiPt:${RUN}) [now](data:text/html,<script>${RUN}</script>) [or](vbscript:x) [file](file:///etc/passwd) [here](/api/session) [fine](https://fine.example/) <javascript:${RUN}>`,
  images: `![a cat](${ELSEWHERE}/cat.png) ![x](javascript:${RUN}) [![badge](${ELSEWHERE}/badge.svg)](${ELSEWHERE}) ![y](x "onerror=${RUN}")\n\n[ref]: ${ELSEWHERE}/ref.png\n![ref]`,
  escapes: `\u001b[31mred\u001b[0m \u001b]8;;${ELSEWHERE}\u0007link\u001b]8;;\u0007 \u001b[2J\u0000 nul \u0008 \u009b31m \u007f \r\n end`,
  halves: 'Half a character \ud83d and the other \udc00 and a whole one 😀',
  rightToLeft: 'Read \u202egnp.exe\u202c and \u2067isolated, مرحبا بالعالم כל שורה כאן מימין לשמאל. And left again?',
  formulas: `$\\href{javascript:${RUN}}{x}$ $$\\includegraphics{${ELSEWHERE}/x.png}$$ \\(\\def\\a{\\a\\a}\\a\\) ${'$'.repeat(3000)}`,
  arabic: 'اكتب فقرة قصيرة عن تاريخ القهوة في اليمن، مع ذكر مدينة المخا.\n- أولا\n- ثانيا',
  oneWord: 'W'.repeat(4000),
  marks: `${'<'.repeat(3000)}${'['.repeat(3000)}${'> '.repeat(500)}deep`,
  table: `| ${'a | '.repeat(80)}\n| ${'--- | '.repeat(80)}\n| ${'wide cell | '.repeat(80)}\n\n\`\`\`\n${'code '.repeat(200)}\n\`\`\``,
  injection: `{{constructor.constructor('${RUN}')()}} \${${RUN}} %3Cscript%3E &lt;script&gt;${RUN}&lt;/script&gt;`,
};
const NAME = `<img src=x onerror="${RUN}">`;
/** Used in texts, list rows, ids and reasons. */
const EVERYWHERE = `${HOSTILE.scripts}${HOSTILE.handlers}`;

describe.skipIf(!HAS_CHROMIUM)('Hostile text of the pool', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let web: WebLab;
  let person: Person;
  let page: Page;
  const records = [
    ...Object.entries(HOSTILE).map(([id, instruction]) => ({ id, instruction, output: '' })),
    { id: NAME, instruction: 'The id of this item is hostile.', output: '' },
    { id: 'lines', instruction: 'Sum this up.', input: `${'word '.repeat(20)}\n`.repeat(MEGABYTE / 101), output: '' },
    { id: 'no-space', instruction: 'Sum that up.', input: '<b>'.repeat(MEGABYTE / 3), output: '' },
  ];
  const numberOf = new Map<string, number>();

  beforeAll(async () => {
    const rounds = {
      most: 1,
      seed: { strategy: 'random', count: records.length },
      necessity: { count: 1, evaluate: 1 },
    };
    const labels = { heldOutShare: 0, annotators: 3 };
    web = await servePage(
      await deskLab(home, 'hostile', { rounds, labels }, (lab) => lab.writePool('pool.jsonl', records)),
    );
    const whole = { filter: 'all', search: '', offset: 0, limit: 100 } as const;
    for (const { number } of web.desk.list(NAME, whole).items) numberOf.set(web.desk.open(NAME, number).id, number);
    expect(numberOf.size).toBe(records.length);
    person = await newPerson();
    page = person.page;
    await enter(page, web.url, 'Ann');
  });

  const show = async (id: string) => {
    const number = numberOf.get(id)!;
    const { rank, of } = web.desk.open('Ann', number);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `item=${number}`);
    await page.getByRole('heading', { name: `Item ${rank} of ${of}` }).waitFor();
  };

  /** Checks that nothing ran, nothing was loaded, nothing overflows, and the text made only text and links. */
  const expectHarmless = async (what: string) => {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const found = await page.evaluate(() => {
        const made =
          'script, img, svg, iframe, object, embed, style, link, meta, base, form, input, details, video, audio';
        const inTexts = [...document.querySelectorAll('.pool-text, .version, .rows, .lead table, .why, .notice')];
        return {
          overflow: document.documentElement.scrollWidth - innerWidth,
          elements: inTexts.flatMap((text) => [...text.querySelectorAll(made)].map(({ outerHTML }) => outerHTML)),
          handlers: [...document.querySelectorAll('*')].filter(({ attributes }) =>
            [...attributes].some(({ name }) => name.startsWith('on')),
          ).length,
          protocols: inTexts.flatMap((text) => [...text.querySelectorAll('a')].map(({ protocol }) => protocol)),
          wasRun: 'wasRun' in window,
        };
      });
      expect({ what, width, ...found, protocols: [] }).toEqual({
        what,
        width,
        overflow: expect.toSatisfy((pixels: number) => pixels <= 0),
        elements: [],
        handlers: 0,
        protocols: [],
        wasRun: false,
      });
      for (const protocol of found.protocols) expect(protocol).toMatch(/^(?:https?|mailto):$/);
    }
    expect(person.complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  };

  it('is shown as text, as written, as Markdown and with maths', async () => {
    for (const { id } of records.filter((record) => !('input' in record))) {
      await show(id);
      for (const view of ['As written', 'Markdown', 'Markdown and maths']) {
        const change = page.getByRole('button', { name: view, exact: true });
        await change.waitFor();
        await expectHarmless(`${id} as ${view}`);
        await change.click();
      }
    }
  });

  it('links only to visible web addresses', async () => {
    await show('links');
    await page.getByRole('button', { name: 'As written' }).click();
    const links = page.getByRole('region', { name: 'Instruction' }).getByRole('link');
    expect(await links.evaluateAll((all) => all.map((link) => link.outerHTML))).toEqual([
      '<a href="https://fine.example/" title="https://fine.example/" target="_blank" rel="noopener noreferrer">fine</a>',
    ]);
    await show('images');
    expect(await links.allTextContents()).toContain('Image: a cat');
    await page.getByRole('button', { name: 'Markdown' }).click();
    await page.getByRole('button', { name: 'Markdown and maths' }).click();
  });

  it('shows control characters and direction marks as signs', async () => {
    const text = () => page.getByRole('region', { name: 'Instruction' }).locator('.pool-text').textContent();
    await show('escapes');
    expect(await text()).toMatch(/␛\[31mred␛\[0m .*␛\[2J␀ nul ␈ �31m ␡/);
    await show('halves');
    expect(await text()).toContain('Half a character � and the other � and a whole one 😀');
    await show('rightToLeft');
    expect(await text()).toContain('[U+202E]gnp.exe[U+202C]');
    await show('arabic');
    const paragraph = page.getByRole('region', { name: 'Instruction' }).locator('.piece');
    expect(await paragraph.evaluate((shown) => getComputedStyle(shown).direction)).toBe('rtl');
    await page.getByRole('button', { name: 'As written' }).click();
    const list = page.getByRole('region', { name: 'Instruction' }).locator('ul');
    expect(await list.evaluate((shown) => getComputedStyle(shown).direction)).toBe('rtl');
    await page.getByRole('button', { name: 'Markdown' }).click();
    await page.getByRole('button', { name: 'Markdown and maths' }).click();
  });

  it('is cut at first and shown completely on demand if it is a megabyte long', async () => {
    for (const id of ['lines', 'no-space']) {
      await show(id);
      const input = page.getByRole('region', { name: 'Input' });
      expect((await input.textContent())!.length).toBeLessThan(30_000);
      await expectHarmless(`the start of ${id}`);
      await input.getByRole('button', { name: 'Show all' }).click();
      await input.getByText(/^All \d/).waitFor();
      expect((await input.textContent())!.length).toBeGreaterThan(MEGABYTE * 0.99);
      await expectHarmless(`all of ${id}`);
      // The page still responds.
      await response(page).fill(`About ${id}`);
      await saved(page);
    }
  });

  it('is shown as text in the list and in a conflict', async () => {
    await show('scripts');
    await page.getByRole('button', { name: /^Items/ }).click();
    await page.getByRole('listitem').first().waitFor();
    await expectHarmless('the list');
    await page.keyboard.press('Escape');

    const number = numberOf.get('scripts')!;
    const { writing } = web.desk.open('Ann', number);
    const other = { response: `${EVERYWHERE}${'W'.repeat(3000)}`, comment: HOSTILE.rightToLeft, seconds: 1 };
    web.desk.save('Ann', number, { ...other, revision: writing.revision });
    await response(page).fill(EVERYWHERE);
    await page.getByRole('heading', { name: /edited elsewhere/ }).waitFor();
    await expectHarmless('the conflict');
    await page.getByRole('button', { name: 'Use other' }).click();
    await saved(page);
  });

  it('is shown as text on the lead’s page', async () => {
    for (const [id, verdict] of [
      ['scripts', 'accepted'],
      ['handlers', 'rejected'],
      ['rightToLeft', 'skipped'],
    ] as const) {
      for (const name of ['Bo', NAME]) {
        const number = numberOf.get(id)!;
        const { writing } = web.desk.open(name, number);
        const text = name === 'Bo' ? `${HOSTILE.links}${'W'.repeat(2000)}` : EVERYWHERE;
        web.desk.submit(name, number, { ...writing, verdict, response: text, comment: text, seconds: 1 });
      }
    }
    await page.goto(`${web.url}/lead`);
    await page.getByRole('article').first().waitFor();
    await expectHarmless('the lead’s page');
    expect(await page.getByRole('row', { name: NAME }).count()).toBeGreaterThan(0);
  });
});
