import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
let server: ProviderServer;
beforeAll(async () => {
  let first: string | undefined;
  server = await startOpenAiServer({
    chat: (prompt) => {
      // The first query that comes never gets a usable answer.
      first ??= prompt.text.slice(0, 900);
      return prompt.text.startsWith(first) ? { text: 'No.' } : chooseLongest(prompt);
    },
  });
});
afterAll(() => server.close());

test('what is labeled between two queries of a choice is not handed out again, and is paid once', async () => {
  const lab = new CampaignLab(home, 'meanwhile', {
    llm: {
      provider: 'compatible',
      model: 'a-chooser',
      baseUrl: `${server.url}/v1`,
      price: { input: 0, output: 0 },
      contextTokens: 64_000,
    },
    judge: { provider: 'offline' },
    labels: { heldOutShare: 0, perLabelUsd: 1 },
    rounds: {
      most: 3,
      seed: { strategy: 'k-center', count: 12 },
      necessity: {
        count: 26,
        evaluate: 40,
        threshold: 10,
        select: 'selectllm',
        options: { perQuery: 9, itemsPerQuery: 12 },
      },
    },
  });
  await lab.work(async (campaign) => {
    await campaign.run();
    await campaign.importLabels(lab.annotate(1, (_, index) => (index < 4 ? { response: 'An answer.' } : {})));
    await campaign.waitForLabels({ goOn: true });
    await lab.play(campaign, { until: isStep('plan-round', 2) });
    expect(await campaign.select()).toMatchObject({ done: false, because: 'short' });
    // Those the first round went on without.
    await campaign.importLabels(lab.annotate(1, () => ({ response: 'An answer.' })));
    const selected = await campaign.select({ goOn: true });
    expect(selected).toMatchObject({
      done: true,
      notes: [
        expect.stringMatching(/^\d+ of the chosen instructions were labeled meanwhile and are not assigned again\.$/),
      ],
    });
    await campaign.export();
    const first = new Set(lab.tasks(1).map(({ id }) => id));
    expect(lab.tasks(2).filter(({ id }) => first.has(id))).toEqual([]);
    expect(lab.tasks(2).map(({ rank }) => rank)).toEqual(lab.tasks(2).map((_, index) => index + 1));

    await campaign.importLabels(lab.annotate(2, () => ({ response: 'Another.' })));
    await campaign.waitForLabels();
    const { spending, labels } = await campaign.status();
    expect(spending.labels).toMatchObject({
      settledMicroUsd: labels.labeled * 1_000_000,
      reservedMicroUsd: 0,
      settledLabels: labels.labeled,
    });
  });
});
