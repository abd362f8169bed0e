import { z } from 'zod';
import type { Clock } from '../../../src/domain/clock.ts';
import { ReplyError } from '../../../src/domain/errors.ts';
import type { BudgetCaps } from '../../../src/domain/ledger.ts';
import type { ModelPrice } from '../../../src/domain/usage.ts';
import { seededRandom } from '../../../src/math/random.ts';
import type { Question } from '../../../src/models/asker.ts';
import { LlmAsker, REPAIR_PROMPT } from '../../../src/models/llm-asker.ts';
import { MeteredCaller } from '../../../src/models/metering/metered-caller.ts';
import { openBatchDesk } from '../../../src/models/open-batch-desk.ts';
import { loadPrompt } from '../../../src/models/prompt-template.ts';
import { openLlm } from '../../../src/models/providers/open-llm.ts';
import type { ServerMemory } from '../../../src/models/providers/server-memory.ts';
import { openDatabase } from '../../../src/store/open-database.ts';
import { SqliteLedger } from '../../../src/store/sqlite-ledger.ts';
import type { BatchProviderName, BatchServer } from '../../support/batch-server.ts';
import type { ChatPrompt, ChatReply } from '../../support/chat-answers.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export const MODELS = { openai: 'gpt-4o-mini', anthropic: 'claude-haiku-4-5', mistral: 'mistral-medium-3-5' } as const;
const answerSchema = z.object({ answer: z.number() });

/** What the server answers: the number that is asked for. It counts more tokens than we do. */
export function answerNumber({ text, request }: ChatPrompt): ChatReply {
  const number = /What is (\d+)\?/.exec(text)?.[1] ?? '0';
  const input = Math.ceil(JSON.stringify(request.body).length / 2);
  return { text: JSON.stringify({ answer: Number(number) }), usage: { input, output: 20 } };
}

/** @param more is sent before the question */
export function question(number: number, more = ''): Question<number> {
  return {
    kind: 'choose',
    subject: `query ${number}`,
    generation: 0,
    request: {
      system: 'You know numbers.',
      messages: [{ role: 'user', content: `${more}What is ${number}?` }],
      schema: { name: 'answer', definition: answerSchema },
      maxOutputTokens: 200,
      temperature: 0,
      task: { kind: 'choose', candidates: [], count: 0 },
    },
    parse: (text) => {
      try {
        return answerSchema.parse(JSON.parse(text)).answer;
      } catch {
        throw new ReplyError('it is no number in JSON.');
      }
    },
  };
}

export interface LabOptions {
  readonly provider?: BatchProviderName;
  readonly model?: string;
  readonly path?: string;
  readonly caps?: BudgetCaps;
  readonly batch?: boolean;
  readonly waits?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly servers?: ServerMemory;
}

/** An asker as a process has it: its own connection to the state. */
export async function openBatchAsker(server: BatchServer, options: LabOptions = {}) {
  const { provider = 'openai', path = ':memory:', caps = {}, batch = true, waits = false, signal, servers } = options;
  const { model = MODELS[provider], clock = new VirtualClock().runByItself() } = options;
  const apiKey = 'sk-secret-12345678';
  const llm = await openLlm({ provider, model, baseUrl: server.url, apiKey, batch, timeoutMs: 10_000, servers });
  const { client, reasoningTokens } = llm;
  const database = openDatabase(path);
  const ledger = new SqliteLedger(database, { clock, caps });
  const random = seededRandom(1, 'batches');
  const { api, price, service } = llm.batches!;
  const notes: string[] = [];
  const owner = { provider: client.provider, model: client.model, endpoint: client.endpoint };
  const desk = openBatchDesk(client, {
    ...{ owner, api, price, reasoningTokens, service, waits, ledger, batches: ledger.batches, clock, random, signal },
    onNote: (note) => notes.push(note),
  });
  const asker = new LlmAsker({
    ...llm,
    ledger,
    caller: new MeteredCaller({ ledger, clock, random, maxConcurrency: 4 }),
    repairPrompt: loadPrompt(REPAIR_PROMPT.id, REPAIR_PROMPT.variables),
    batches: { desk, price, isUsed: batch },
    signal,
  });
  const ask = (count: number, from = 1) =>
    Promise.allSettled(Array.from({ length: count }, (_, index) => asker.ask(question(from + index))));
  return { asker, ask, ledger, notes, clock, batchPrice: price as ModelPrice, close: () => database.close() };
}

/** The values, or what went wrong, in short. */
export function outcomes(settled: readonly PromiseSettledResult<{ readonly value: number }>[]): (number | string)[] {
  return settled.map((one) =>
    one.status === 'fulfilled' ? one.value.value : String((one.reason as { code?: string }).code ?? one.reason),
  );
}
