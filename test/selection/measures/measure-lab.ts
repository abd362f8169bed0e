import type { BudgetCaps } from '../../../src/domain/ledger.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { LlmAsker, REPAIR_PROMPT } from '../../../src/models/llm-asker.ts';
import { MeteredCaller } from '../../../src/models/metering/metered-caller.ts';
import { loadPrompt } from '../../../src/models/prompt-template.ts';
import { anthropicProvider } from '../../../src/models/providers/anthropic.ts';
import { anthropicClient } from '../../../src/models/providers/anthropic-client.ts';
import { openAiClient } from '../../../src/models/providers/openai-client.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export const PRICE = { input: 1_000_000, cachedInput: 1_000_000, output: 2_000_000 };

export interface AskerOptions {
  readonly ledger?: MemoryLedger;
  readonly caps?: BudgetCaps;
  readonly provider?: 'compatible' | 'openai' | 'anthropic';
  readonly model?: string;
  readonly contextTokens?: number;
  readonly concurrency?: number;
}

/** An asker with a real SDK, ledger and caller. */
export function askerOf(server: ProviderServer, options: AskerOptions = {}): LlmAsker {
  const { provider = 'compatible', model = 'm', contextTokens = 8_192, concurrency = 4 } = options;
  const access = { model, apiKey: 'sk-x' };
  const ledger = options.ledger ?? new MemoryLedger(options.caps);
  const clock = new VirtualClock().runByItself();
  return new LlmAsker({
    client:
      provider === 'anthropic'
        ? anthropicClient(anthropicProvider, { ...access, baseUrl: server.url })
        : openAiClient(PROVIDERS.find(provider), { ...access, baseUrl: `${server.url}/v1` }),
    ledger,
    caller: new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: concurrency }),
    price: PRICE,
    contextTokens,
    reasoningTokens: 0,
    repairPrompt: loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables),
  });
}
