import { expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, pagesForFile } from './annotate-lab.ts';

const home = temporaryFolder();
const newPerson = browserForFile();
const servePage = pagesForFile();

it.skipIf(!HAS_CHROMIUM)('A conversation is shown turn by turn, with its tools and who speaks', async () => {
  const call = { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } };
  const record = {
    id: 'chat',
    tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }],
    messages: [
      { role: 'system', content: 'You are a guide to Oslo.' },
      { role: 'user', content: 'Where is the opera?' },
      { role: 'assistant', content: 'By the fjord.' },
      { role: 'user', content: 'And will it rain there today?' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', name: 'get_weather', content: '{"rain": true}' },
    ],
  };
  const rounds = { most: 1, seed: { strategy: 'random', count: 1 }, necessity: { count: 1, evaluate: 1 } };
  const lab = await deskLab(home, 'chat', { rounds }, (one) => one.write('pool.jsonl', JSON.stringify(record)));
  const web = await servePage(lab);
  const { page, complaints } = await newPerson();
  await enter(page, web.url, 'Ann');

  const turns = async (heading: string) => {
    const rows = page
      .getByRole('region', { name: heading })
      .getByRole('listitem')
      .filter({ has: page.locator('.speaker') });
    return (await rows.allInnerTexts()).map((text) => text.trim().replace(/\s+/g, ' '));
  };
  const [tools, ...earlier] = await turns('Earlier in this conversation');
  expect(tools).toMatch(/^Tools .*"name": "get_weather"/);
  expect(earlier).toEqual(['System You are a guide to Oslo.', 'User Where is the opera?', 'Assistant By the fjord.']);
  expect(await page.getByRole('region', { name: 'Instruction' }).innerText()).toContain(
    'And will it rain there today?',
  );
  expect(await turns('Tool calls since')).toEqual([
    'Assistant [calls get_weather({"city":"Oslo"})]',
    'Tool get_weather {"rain": true}',
  ]);
  expect(complaints).toEqual([]);
});

it.skipIf(!HAS_CHROMIUM)('Fields that the campaign shows are below the instruction, and no others', async () => {
  const record = {
    id: 'a',
    instruction: 'Where is my parcel?',
    subject: 'Late <b>parcel</b>',
    priority: 2,
    internal: 'not for annotators',
  };
  const settings = {
    rounds: { most: 1, seed: { strategy: 'random', count: 1 }, necessity: { count: 1, evaluate: 1 } },
    labels: { show: ['subject', 'priority'] },
  };
  const lab = await deskLab(home, 'fields', settings, (one) => one.write('pool.jsonl', JSON.stringify(record)));
  const web = await servePage(lab);
  const { page, complaints } = await newPerson();
  await enter(page, web.url, 'Ann');
  const details = page.getByRole('region', { name: 'Details' });
  expect(await details.getByRole('term').allInnerTexts()).toEqual(['subject', 'priority']);
  expect(await details.getByRole('definition').allInnerTexts()).toEqual(['Late <b>parcel</b>', '2']);
  expect(await page.locator('body').innerText()).not.toContain('not for annotators');
  expect(complaints).toEqual([]);
});

it.skipIf(!HAS_CHROMIUM)(
  'Texts are shown as written until the person chooses, or the record says Markdown',
  async () => {
    const text = 'Compute 2*3*4 and __init__:\n\n  \\$55\n===\n- $x^2$';
    const other = '# Why do cats purr?\n\nAnswer **briefly**, with $e = mc^2$.';
    const records = [
      { id: 'plain', instruction: text, output: '' },
      { id: 'marked', instruction: other, output: '', format: 'text/markdown' },
    ];
    const rounds = { most: 1, seed: { strategy: 'random', count: 2 }, necessity: { count: 1, evaluate: 1 } };
    const lab = await deskLab(home, 'views', { rounds, labels: { annotators: 2 } }, (one) =>
      one.writePool('pool.jsonl', records),
    );
    const web = await servePage(lab);
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const items = new Map<string, number>();
    const whole = { filter: 'all', search: '', offset: 0, limit: 10 } as const;
    for (const { number } of web.desk.list('Ann', whole).items) items.set(web.desk.open('Ann', number).id, number);
    const shown = page.getByRole('region', { name: 'Instruction' }).locator('.pool-text');
    const show = async (id: string) => {
      await page.evaluate(
        (hash) => {
          location.hash = hash;
        },
        `item=${items.get(id)!}`,
      );
      await page.getByText(`ID: ${id}`).waitFor();
    };

    await show('plain');
    expect(await shown.textContent()).toBe(text);
    expect((await shown.innerText()).trimEnd()).toBe(text);
    await show('marked');
    expect(await shown.locator('h4').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Markdown' }).click();
    await shown.locator('math').waitFor();
    // Chosen is chosen: for all items, and after a reload.
    await page.reload();
    await show('plain');
    await shown.locator('math').waitFor();
    await page.getByRole('button', { name: 'Markdown and maths' }).click();
    expect(await shown.textContent()).toBe(text);
    await show('marked');
    expect(await shown.textContent()).toBe(other);
    expect(complaints).toEqual([]);
  },
);

it.skipIf(!HAS_CHROMIUM)('A long system prompt, tools and early turns are folded', async () => {
  const turns = Array.from({ length: 10 }, (_, turn) => ({
    role: turn % 2 === 0 ? 'user' : 'assistant',
    content: `Turn ${turn + 1}.`,
  }));
  const record = {
    id: 'long',
    messages: [
      { role: 'system', content: `You are a guide. ${'Be kind. '.repeat(200)}` },
      ...turns,
      { role: 'user', content: 'And now?' },
    ],
  };
  const rounds = { most: 1, seed: { strategy: 'random', count: 1 }, necessity: { count: 1, evaluate: 1 } };
  const lab = await deskLab(home, 'long chat', { rounds }, (one) => one.write('pool.jsonl', JSON.stringify(record)));
  const web = await servePage(lab);
  const { page } = await newPerson();
  await enter(page, web.url, 'Ann');
  const earlier = page.getByRole('region', { name: 'Earlier in this conversation' });
  expect(await earlier.getByText('Be kind.').isVisible()).toBe(false);
  await earlier.getByText(/^System, 1,\d+ characters$/).click();
  expect(await earlier.getByText('Be kind.').isVisible()).toBe(true);
  expect(await earlier.getByText('Turn 4.').isVisible()).toBe(false);
  expect(await earlier.getByText('Turn 5.').isVisible()).toBe(true);
  await earlier.getByText('4 earlier turns').click();
  expect(await earlier.getByText('Turn 1.').isVisible()).toBe(true);
});
