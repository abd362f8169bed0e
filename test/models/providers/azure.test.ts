import { afterEach, describe, expect, it } from 'vitest';
import { findModel } from '../../../src/models/metering/prices.ts';
import { azureProvider } from '../../../src/models/providers/azure.ts';
import { openLlm } from '../../../src/models/providers/open-llm.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';
import { startAzureServer } from '../../support/azure-server.ts';
import { chooseLongest } from '../../support/chat-answers.ts';
import type { ProviderServer } from '../../support/provider-server.ts';

let server: ProviderServer;
afterEach(() => server.close());

async function ask(apiKey: string, query = '') {
  server = await startAzureServer({ chat: chooseLongest });
  const llm = await azureProvider.open({ model: 'my-deployment', apiKey, baseUrl: `${server.url}${query}` });
  await llm.complete(chooseRequest());
  return { ...server.requests[0]!, endpoint: llm.endpoint };
}

it('asks the deployment, with the key in a header of its own', async () => {
  const { path, headers } = await ask('0123456789abcdef');
  expect(path).toBe('/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21');
  expect(headers['api-key']).toBe('0123456789abcdef');
});

it('asks in the version of the API that the base URL names, which is no part of its identity', async () => {
  const { path, endpoint } = await ask('0123456789abcdef', '?api-version=2025-04-01-preview');
  expect(path).toMatch(/api-version=2025-04-01-preview$/);
  expect(endpoint).toBe(server.url);
});

it('sends a token of Microsoft Entra as one', async () => {
  const { headers } = await ask('eyJhbGciOi.eyJhdWQ.c2ln');
  expect(headers.authorization).toBe('Bearer eyJhbGciOi.eyJhdWQ.c2ln');
  expect(headers['api-key']).toBeUndefined();
});

describe('the price of a deployment', () => {
  const settings = { provider: 'azure', model: 'my-deployment', apiKey: 'k'.repeat(16), timeoutMs: 1_000 };
  const open = async (more: object) => {
    server = await startAzureServer({ chat: chooseLongest });
    return openLlm({ ...settings, baseUrl: server.url, ...more });
  };

  it.each(['gpt-5-mini', 'openai/gpt-5-mini'])('is that of the model behind it: %s', async (pricedAs) => {
    const { price, contextTokens, reasoningTokens } = findModel('openai', 'gpt-5-mini')!;
    await expect(open({ pricedAs })).resolves.toMatchObject({ price, contextTokens, reasoningTokens });
  });

  it('is the one that is set, if one is', async () => {
    const price = { input: 1, cachedInput: 1, output: 2 };
    await expect(open({ pricedAs: 'gpt-5-mini', price })).resolves.toMatchObject({ price });
  });

  it('is asked for where it is not known, with the ways to say it', async () => {
    await expect(open({})).rejects.toMatchObject({
      code: 'UNKNOWN_PRICE',
      hint: expect.stringMatching(/^Name the model behind it, such as .*openai\/gpt-4o-mini.*, or set its price: /),
    });
  });

  it.each(['gpt-99', 'openai/gpt-99', 'unknown/gpt-5-mini'])('is refused from no such model: %s', async (pricedAs) => {
    await expect(open({ pricedAs })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/the price table has no such model/),
    });
  });

  it('is known so of other providers too', async () => {
    server = await startAzureServer({ chat: chooseLongest });
    const given = { ...settings, provider: 'bedrock', model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' };
    const llm = await openLlm({ ...given, baseUrl: server.url, pricedAs: 'anthropic/claude-haiku-4-5' });
    expect(llm.price).toEqual(findModel('anthropic', 'claude-haiku-4-5')!.price);
    await expect(openLlm({ ...given, baseUrl: server.url })).rejects.toMatchObject({
      hint: expect.stringMatching(/pricedAs.*anthropic\/claude/),
    });
  });
});
