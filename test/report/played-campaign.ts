import type { Clock } from '../../src/domain/clock.ts';
import { CampaignLab, isStep } from '../campaign/campaign-lab.ts';
import { type ChatAnswerer, type ChatReply, chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';

const PRICE = { input: 1, output: 2 };

/** A clock that advances one millisecond on every read, so that no two events have the same time. */
export function tickingClock(): Clock {
  let now = 1_760_000_000_000;
  return {
    now: () => {
      now += 1;
      return now;
    },
    elapsed: () => now,
    sleep: () => Promise.resolve(),
  };
}

/** Chooses the longest candidates. For every other prompt it replaces the first choice, so that votes differ. */
function choose(prompt: Parameters<ChatAnswerer>[0]): ChatReply {
  const chosen = chooseLongest(prompt).text.split(' ');
  const ids = prompt.text
    .split('\n\n', 1)[0]!
    .split('\n')
    .map((line) => line.split(' ', 1)[0]!);
  const other = ids.findLast((id) => !chosen.includes(id));
  const differs = prompt.text.length % 2 === 1 && other !== undefined;
  return { text: (differs ? [other, ...chosen.slice(1)] : chosen).join(' ') };
}

/** Chooses, answers and judges. Some judgments are unusable. */
const everything: ChatAnswerer = (prompt) => {
  const { system, text } = prompt;
  if (system === '') return { text: `A short answer to: ${text.slice(0, 40)}` };
  if (system.includes('people should answer')) return choose(prompt);
  if (Number(/answer to: \S*?(\w)/.exec(text)?.[1]?.charCodeAt(0) ?? 0) % 7 === 0) return { text: 'No idea.' };
  return { text: JSON.stringify({ reason: 'As it is.', score: 1 + (text.length % 10) }) };
};

/**
 * A campaign with all kinds of events: costs on all accounts, different votes, rejections, skips, two people on one item,
 * labels that arrive after their round has continued, and answers without a judgment. It stops in its third round, where
 * some labels are still awaited.
 */
export async function playCampaign(
  home: TemporaryFolder,
): Promise<{ lab: CampaignLab; server: ProviderServer; clock: Clock }> {
  const server = await startOpenAiServer({ chat: everything });
  const baseUrl = `${server.url}/v1`;
  const llm = { provider: 'compatible', model: 'a-model', baseUrl, price: PRICE, contextTokens: 32_000 };
  const lab = new CampaignLab(home, 'played', {
    llm,
    budget: { llmUsd: 50, labelUsd: 60, totalUsd: 100 },
    labels: { heldOutShare: 0.3, perLabelUsd: 0.75 },
    trainer: {
      kind: 'command',
      command: `echo '${JSON.stringify({ model: 'seed', baseUrl, costUsd: 0.5 })}'`,
      costUsd: 1,
      serve: { price: PRICE, contextTokens: 32_000 },
    },
    rounds: {
      most: 4,
      seed: { strategy: 'selectllm', count: 9, options: { votes: 3, itemsPerQuery: 10, perQuery: 3 } },
      necessity: { count: 7, evaluate: 20, threshold: 7, select: 'selectllm', options: { votes: 2 } },
    },
  });
  const clock = tickingClock();
  const work = { clock };
  await lab.work(async (campaign) => {
    await lab.play(campaign, { until: isStep('export', 1) });
    const say = (index: number, annotator: string) =>
      index === 0
        ? { verdict: 'reject' as const, annotator }
        : index === 1
          ? { verdict: 'skip' as const, annotator }
          : { response: `What ${annotator} says of it.`, annotator };
    const tasks = lab.tasks(1);
    // The last two are not answered, and the round continues without them.
    await campaign.importLabels(
      lab.writeLabels(tasks.slice(0, -2).map((task, index) => ({ ...task, ...say(index, 'ann') }))),
    );
    await campaign.importLabels(lab.writeLabels(tasks.slice(3, 5).map((task) => ({ ...task, ...say(3, 'bob') }))));
    await campaign.importLabels(lab.writeLabels(tasks.slice(4, 5).map((task) => ({ ...task, ...say(0, 'cid') }))));
    await campaign.waitForLabels({ goOn: true });
    await campaign.importLabels(lab.writeLabels(tasks.slice(-1).map((task) => ({ ...task, ...say(3, 'bob') }))));
    await lab.play(campaign, { until: isStep('export', 2), say: () => ({ response: 'Well said.', annotator: 'ann' }) });
    await campaign.importLabels(lab.annotate(2, (_, index) => ({ ...say(index, 'bob'), seconds: 30 })));
    await lab.play(campaign, { until: isStep('export', 3) });
    await campaign.importLabels(lab.annotate(3, (_, index) => (index < 3 ? say(index, 'ann') : undefined)));
  }, work);
  return { lab, server, clock };
}
