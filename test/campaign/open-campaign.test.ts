import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, StateError } from '../../src/domain/errors.ts';
import { openCampaign, viewCampaign } from '../../src/runs/campaign/campaign.ts';
import type { ChatAnswerer } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();

async function refusal(open: () => Promise<{ close(): Promise<void> }>): Promise<unknown> {
  return open().then(
    async (opened) => {
      await opened.close();
      return 'it was opened';
    },
    (error: unknown) => error,
  );
}

describe.each([
  ['opening', openCampaign],
  ['viewing', viewCampaign],
])('%s a campaign', (_, open) => {
  test('needs a winnow.yaml, and makes nothing where there is none', async () => {
    const error = await refusal(() => open(home.path));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toContain('There is no winnow.yaml');
    expect((error as ConfigError).hint).toContain('winnow init');
    expect(existsSync(home.file('winnow.db'))).toBe(false);
    expect(await refusal(() => open(home.file('no-such-folder')))).toBeInstanceOf(ConfigError);
  });

  test('names every line of winnow.yaml that is wrong', async () => {
    const lab = new CampaignLab(home, `broken-${open.name}`);
    lab.write('winnow.yaml', 'pool:\n  files: []\nrounds:\n  most: none\ncolour: red\n');
    const error = await refusal(() => open(lab.folder));
    expect(error).toBeInstanceOf(ConfigError);
    for (const line of [2, 4, 5]) expect((error as ConfigError).message).toContain(`winnow.yaml:${line}:`);
    expect(existsSync(lab.path('winnow.db'))).toBe(false);
  });
});

test('an open campaign cannot be opened again until it is closed', async () => {
  const lab = new CampaignLab(home, 'locked');
  await lab.work(async (campaign) => {
    const error = await refusal(() => openCampaign(lab.folder, lab.options));
    expect(error).toBeInstanceOf(StateError);
    expect((error as StateError).code).toBe('STATE_LOCKED');
    expect(await campaign.next()).toMatchObject({ step: 'add-pool' });
  });
  expect(await lab.work((campaign) => campaign.next())).toMatchObject({ step: 'plan-round' });
});

test('a campaign can be closed twice', async () => {
  const lab = new CampaignLab(home, 'closed-twice');
  const campaign = await openCampaign(lab.folder, lab.options);
  await campaign.next();
  await campaign.close();
  await campaign.close();
  expect(await lab.work((again) => again.next())).toMatchObject({ step: 'plan-round' });
});

test('a view changes nothing, neither by what it tells nor by what is tried', async () => {
  const lab = new CampaignLab(home, 'view-only');
  await lab.work((campaign) => lab.play(campaign, { until: isStep('find-failures') }));
  const before = lab.state();
  const view = await viewCampaign(lab.folder, lab.options);
  expect((await view.status()).next).toEqual({ step: 'plan-round', round: 2 });
  expect(view.ledger().map(({ account }) => account)).toEqual([...Array(8).fill('labels'), 'training']);
  await view.close();
  expect(lab.state()).toEqual(before);
});

test('an interrupted step is paused, keeps what it has, and asks nothing of it again', async () => {
  const rate: ChatAnswerer = ({ text }) => ({
    text: JSON.stringify({ reason: 'short', score: 1 + (text.length % 9) }),
  });
  const server = await startOpenAiServer({ chat: rate });
  try {
    const price = { input: 1, output: 1 };
    const lab = new CampaignLab(home, 'interrupted', {
      judge: { provider: 'compatible', model: 'm', baseUrl: `${server.url}/v1`, price, contextTokens: 32_000 },
      requests: { concurrency: 2 },
    });
    await lab.work((campaign) => lab.play(campaign, { until: isStep('train') }));
    const interrupt = new AbortController();
    const onProgress = ({ phase, done }: { phase: string; done: number }) => {
      if (phase === 'evaluate' && done === 5) interrupt.abort();
    };
    const paused = await lab.work((campaign) => campaign.evaluate(), { signal: interrupt.signal, onProgress });
    expect(paused).toMatchObject({ step: 'evaluate', done: false, because: 'interrupt', next: { step: 'evaluate' } });
    const kept = lab.rows('SELECT * FROM evaluation ORDER BY rowid');
    expect(kept.length).toBeGreaterThanOrEqual(5);
    expect(kept.length).toBeLessThanOrEqual(6);
    const result = await lab.work((campaign) => campaign.evaluate());
    expect(result).toMatchObject({ done: true });
    const all = lab.rows('SELECT * FROM evaluation ORDER BY rowid');
    expect(all.slice(0, kept.length)).toEqual(kept);
    expect(server.requests).toHaveLength(all.length);
  } finally {
    await server.close();
  }
});
