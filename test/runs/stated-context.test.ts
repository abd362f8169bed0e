import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { withWorkbench } from '../../src/runs/workbench.ts';
import { openRunState } from '../../src/store/run-state.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { ollama, startQuirky, VLLM } from '../support/quirky-servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let server: ProviderServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What a run that has this state takes the model to hold. */
function contextIn(path: string, { url, provider = 'ollama' }: { url: string; provider?: string }, before?: 'asked') {
  const settings = {
    llm: { provider, model: 'some-model', baseUrl: `${url}/v1`, price: { input: 0, cachedInput: 0, output: 0 } },
    embedder: { kind: 'minilm' },
    ...{ concurrency: 1, timeoutMs: 60_000, cacheFolder: folder.file('cache'), seed: 0, clock: systemClock },
  };
  const normalize = () => settings;
  return withWorkbench(normalize, async (workbench) => {
    const state = openRunState(path, { kind: 'pick' }, { clock: systemClock, version: '0' });
    workbench.use(state, state.ledger);
    if (before === 'asked') {
      const call = { kind: 'choose', subject: 's', requestHash: 'h', provider, model: 'some-model' };
      state.ledger.lose(state.ledger.reserve({ ...call, worstCaseTokens: 1, worstCaseMicroUsd: 0 }), 'gone');
    }
    return (await workbench.writer()).contextTokens;
  });
}

describe('the context of a model that only its server knows', () => {
  it('is what the server says when the run begins, and stays so', async () => {
    const path = folder.file('begun.db');
    server = await startQuirky(ollama({ context: 8_192 }));
    expect(await contextIn(path, server)).toBe(8_192);
    await server.close();
    server = await startQuirky(ollama({ context: 32_768 }));
    // Another server of another address is asked; the first one need not even answer.
    expect(await contextIn(path, server)).toBe(32_768);
    const { url } = server;
    await server.close();
    server = undefined;
    expect(await contextIn(path, { url })).toBe(32_768);
  });

  it('is not asked for in a run whose prompts are paid for', async () => {
    server = await startQuirky(VLLM);
    expect(await contextIn(folder.file('old.db'), { url: server.url, provider: 'vllm' }, 'asked')).toBe(16_384);
  });

  it('is assumed where the server does not say, or cannot be reached', async () => {
    server = await startQuirky({});
    expect(await contextIn(folder.file('silent.db'), { url: server.url, provider: 'vllm' })).toBe(16_384);
    expect(await contextIn(folder.file('down.db'), { url: 'http://127.0.0.1:9', provider: 'vllm' })).toBe(16_384);
  });
});
