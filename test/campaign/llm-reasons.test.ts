import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../src/campaign/config/load-config.ts';
import { chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({
    chat: (prompt) => {
      if (!prompt.system.includes('at most 8 words')) return chooseLongest(prompt);
      const ids = prompt.text
        .split('\n\n', 1)[0]!
        .split('\n')
        .map((line) => line.split(' ', 1)[0]!);
      return { text: ids.map((id) => `${id} teaches something`).join('\n') };
    },
  });
});
afterAll(() => server.close());

test.each([
  [true, /^teaches something$/],
  [undefined, /^Choice \d of 3 among \d+ candidates$/],
])('with llm.reasons: %s items have the reasons that the LLM gives, or their place', async (reasons, expected) => {
  const lab = new CampaignLab(home, `reasons ${reasons}`, {
    llm: {
      provider: 'compatible',
      model: 'a-chooser',
      baseUrl: `${server.url}/v1`,
      price: { input: 0, output: 0 },
      contextTokens: 64_000,
      ...(reasons === undefined ? {} : { reasons }),
    },
    judge: { provider: 'offline' },
    labels: { heldOutShare: 0, perLabelUsd: 1 },
    rounds: {
      most: 1,
      control: 0,
      seed: { strategy: 'selectllm', count: 6, options: { perQuery: 3, itemsPerQuery: 10 } },
    },
  });
  await lab.work((campaign) => lab.play(campaign, { until: isStep('select', 1) }));
  const picked = lab.rows<{ reason: string }>('SELECT reason FROM pick');
  expect(picked).toHaveLength(6);
  for (const { reason } of picked) expect(reason).toMatch(expected);
});

test('a judge that is asked for reasons of choices is refused', () => {
  const text = 'pool: { files: [a.jsonl] }\njudge: { provider: offline, reasons: true }\n';
  expect(() => parseConfig(text, 'winnow.yaml')).toThrow(/winnow\.yaml:2: .*reasons/);
});
