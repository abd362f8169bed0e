import { afterAll, expect, it } from 'vitest';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { loadPrompt } from '../../../src/models/prompt-template.ts';
import { CRITERIA } from '../../../src/selection/judges/criteria.ts';
import { JUDGES } from '../../../src/selection/judges/registry.ts';
import { judgeContract } from '../../../src/testing/index.ts';
import { ALL_THAT_WAS_SAID, WHOLE_CONVERSATION } from '../../../src/testing/whole-conversation.ts';
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

it.each([...CRITERIA])('the LLM that judges $name is shown all of a conversation', async (criterion) => {
  const judge = await JUDGES.find('llm').open(criterion, {}, sources);
  await judge.judge({ ...WHOLE_CONVERSATION, response: 'Twice a day.' }, { subject: 'a conversation' });
  const asked = JSON.stringify(server.requests.at(-1)!.body);
  for (const said of ALL_THAT_WAS_SAID) expect(asked).toContain(said);
});
