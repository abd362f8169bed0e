import { afterAll } from 'vitest';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { loadPrompt } from '../../../src/models/prompt-template.ts';
import { JUDGES } from '../../../src/selection/judges/registry.ts';
import { judgeContract } from '../../../src/testing/index.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import { askerOf } from '../measures/measure-lab.ts';

const server = await startOpenAiServer({ chat: () => ({ text: '{"reason": "It is fine.", "score": 3}' }) });
afterAll(() => server.close());

const sources = {
  judgingLlm: async () => ({ asker: askerOf(server), endpoint: server.url }),
  localEmbedder: async () => minilmEmbedder(),
  prompt: (id: string, variables: readonly string[]) => loadPrompt(id, variables),
};

for (const kind of JUDGES) judgeContract(kind, { sources });
