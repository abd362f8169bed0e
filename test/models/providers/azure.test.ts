import { afterEach, expect, it } from 'vitest';
import { azureProvider } from '../../../src/models/providers/azure.ts';
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
