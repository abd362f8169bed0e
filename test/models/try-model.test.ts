import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { LlmAsker, REPAIR_PROMPT } from '../../src/models/llm-asker.ts';
import { MeteredCaller } from '../../src/models/metering/metered-caller.ts';
import { loadPrompt } from '../../src/models/prompt-template.ts';
import { PROVIDERS } from '../../src/models/providers/registry.ts';
import { tryModel } from '../../src/models/try-model.ts';
import { type ChatAnswerer, script } from '../support/chat-answers.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { startQuirky, VLLM } from '../support/quirky-servers.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

let server: ProviderServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function tried(chat: ChatAnswerer, refuses: readonly string[] = []) {
  server = await startQuirky({ ...VLLM, refuses }, chat);
  const client = await PROVIDERS.find('vllm').open({ model: 'some-model', baseUrl: `${server.url}/v1` });
  const ledger = new MemoryLedger();
  const clock = new VirtualClock().runByItself();
  const caller = new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: 1 });
  const price = { input: 1_000_000, cachedInput: 1_000_000, output: 1_000_000 };
  const repairPrompt = loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables);
  const asker = new LlmAsker({ client, ledger, caller, price, contextTokens: 8_192, reasoningTokens: 0, repairPrompt });
  return { trial: await tryModel(asker, client, 1), ledger };
}

const GREETING = '{"greeting": "Hello"}';
const tokens = [{ token: '{', alternatives: { '{': 0.9, ' ': 0.1 } }];

describe('one small request', () => {
  it('shows what works, and what it cost', async () => {
    const { trial, ledger } = await tried(() => ({ text: GREETING, tokens }));
    expect(trial).toMatchObject({ cut: false, structured: true, logprobs: true });
    expect(trial.costMicroUsd).toBe(ledger.spending().settledMicroUsd);
    expect(server!.requests).toHaveLength(1);
  });

  it.each([
    ['a schema that is refused', () => ({ text: GREETING }), ['json_schema']],
    ['a schema that is taken and ignored', () => ({ text: 'Hello!' }), []],
  ] as const)('does not take %s for one that works', async (_, chat, refuses) => {
    expect((await tried(chat, refuses)).trial).toMatchObject({ structured: false, logprobs: false });
  });

  it('is made once more, with room, for a model that thinks', async () => {
    const thinking = { text: `<think>${'Hello or hi? '.repeat(20)}`, stop: 'length' as const };
    const { trial, ledger } = await tried(script(thinking, { text: `<think>Hi.</think>${GREETING}` }));
    expect(trial).toMatchObject({ cut: false, structured: true });
    const [first, second] = server!.requests.map(({ body }) => Number(body.max_tokens));
    expect(second).toBeGreaterThan(first!);
    expect(trial.costMicroUsd).toBe(ledger.spending().settledMicroUsd);
  });
});
