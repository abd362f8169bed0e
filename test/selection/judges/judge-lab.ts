import type { BudgetCaps } from '../../../src/domain/ledger.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { LlmAsker, REPAIR_PROMPT } from '../../../src/models/llm-asker.ts';
import { MeteredCaller } from '../../../src/models/metering/metered-caller.ts';
import { loadPrompt, type PromptTemplate } from '../../../src/models/prompt-template.ts';
import { anthropicProvider } from '../../../src/models/providers/anthropic.ts';
import { anthropicClient } from '../../../src/models/providers/anthropic-client.ts';
import { openAiProvider } from '../../../src/models/providers/openai.ts';
import { openAiClient } from '../../../src/models/providers/openai-client.ts';
import { CRITERIA, type Criterion } from '../../../src/selection/judges/criteria.ts';
import type { Judge, JudgedItem } from '../../../src/selection/judges/judge.ts';
import { type LlmJudgeOptions, llmJudge } from '../../../src/selection/judges/llm-judge.ts';
import { startAnthropicServer } from '../../support/anthropic-server.ts';
import type { ChatAnswerer } from '../../support/chat-answers.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const PRICE = { input: 1_000_000, cachedInput: 500_000, output: 2_000_000 };

export const ITEM: JudgedItem = {
  instruction: 'Translate the sentence into French and explain the tense.',
  input: 'She had left before dawn.',
  response: 'Elle était partie avant l’aube. The tense is the past perfect.',
};

type Provider = 'openai' | 'anthropic';
export const EVERY_JUDGE = CRITERIA.names.flatMap((criterion) => [
  [criterion, 'openai' as Provider] as const,
  [criterion, 'anthropic' as Provider] as const,
]);

export interface LabOptions {
  readonly provider?: Provider;
  readonly chat: ChatAnswerer;
  readonly refuses?: readonly string[];
  readonly caps?: BudgetCaps;
  readonly contextTokens?: number;
  readonly reasoningTokens?: number;
  readonly itemTokens?: number;
  readonly prompt?: PromptTemplate;
}

export interface JudgeLab {
  readonly judge: Judge;
  readonly ledger: MemoryLedger;
  readonly server: ProviderServer;
}

/** A judge with a real client, asker and server behind it. The caller closes the server. */
export async function openJudgeLab(name: string, options: LabOptions): Promise<JudgeLab> {
  const { provider = 'openai', chat, refuses = [], caps, contextTokens = 128_000, reasoningTokens = 0 } = options;
  const criterion = CRITERIA.find(name);
  const server = await (provider === 'openai' ? startOpenAiServer : startAnthropicServer)({ chat, refuses });
  const access = { model: 'some-model', apiKey: 'sk-x' };
  const client =
    provider === 'openai'
      ? openAiClient(openAiProvider, { ...access, baseUrl: `${server.url}/v1` })
      : anthropicClient(anthropicProvider, { ...access, baseUrl: server.url });
  const clock = new VirtualClock().runByItself();
  const ledger = new MemoryLedger(caps);
  const caller = new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: 3 });
  const repairPrompt = loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables);
  const asker = new LlmAsker({ client, ledger, caller, price: PRICE, repairPrompt, contextTokens, reasoningTokens });
  return { judge: llmJudge(criterion, judgeOptions(criterion, asker, client.endpoint, options)), ledger, server };
}

function judgeOptions(
  criterion: Criterion,
  asker: LlmAsker,
  endpoint: string,
  { prompt = ownPrompt(criterion.name), itemTokens }: LabOptions,
): LlmJudgeOptions {
  return { asker, endpoint, prompt, ...(itemTokens === undefined ? {} : { itemTokens }) };
}

export function ownPrompt(criterion: string, folder?: string, edition?: number): PromptTemplate {
  const { id, variables } = CRITERIA.find(criterion).prompt;
  return loadPrompt(id, variables, folder, edition);
}

/** A usable answer: the highest score of the criterion's scale. */
export function goodAnswer(criterion: string, reason = 'clear and complete'): string {
  const { isWeighed, scale } = CRITERIA.find(criterion);
  return isWeighed ? `${scale.max} | ${reason}` : `${reason} | ${scale.max}`;
}

/** The same in answer to prompts of layout 1. */
export function goodJson(criterion: string, reason = 'clear and complete'): string {
  return JSON.stringify({ reason, score: CRITERIA.find(criterion).scale.max });
}

/** The last user message of each request that the server received. */
export function userPrompts({ server }: JudgeLab): string[] {
  return server.requests.map(({ body }) => {
    const messages = body.messages as readonly { role: string; content: string }[];
    return messages.filter(({ role }) => role === 'user').at(-1)!.content;
  });
}

/** The lines of the item that the prompt shows. */
export function shownIn(prompt: string): string {
  return prompt.slice(0, prompt.indexOf('\n\n'));
}

/** The texts of the item that the prompt shows, by name. */
export function textsIn(prompt: string): Record<string, string> {
  return Object.fromEntries(
    shownIn(prompt)
      .split('\n')
      .map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 2)];
      }),
  );
}
