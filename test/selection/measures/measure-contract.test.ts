import { afterAll, expect, it } from 'vitest';
import type { Instruction } from '../../../src/domain/instruction.ts';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { loadPrompt } from '../../../src/models/prompt-template.ts';
import { MEASURES } from '../../../src/selection/measures/registry.ts';
import { measureContract } from '../../../src/testing/index.ts';
import { instructionsOf } from '../../../src/testing/strategy-context.ts';
import { ALL_THAT_WAS_SAID, WHOLE_CONVERSATION } from '../../../src/testing/whole-conversation.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import { askerOf } from './measure-lab.ts';

/** Answers that some measure or other reads, with the probabilities of their tokens. */
const server = await startOpenAiServer({
  chat: () => ({
    text: '{"reason": "It is fine.", "score": 3, "tags": ["cooking", "history"]}',
    tokens: [{ token: '{"', alternatives: { '{"': 0.75, It: 0.25 } }],
  }),
});
afterAll(() => server.close());

const sources = {
  providers: { writing: 'compatible', judging: 'compatible' },
  judgingLlm: async () => ({ asker: askerOf(server), endpoint: server.url }),
  writer: async () => askerOf(server),
  localEmbedder: async () => minilmEmbedder(),
  prompt: (id: string, variables: readonly string[]) => loadPrompt(id, variables),
};

// Two items lack the field, and with it a value.
const instructions = instructionsOf(12).map(
  (item, index): Instruction => ({
    ...item,
    output: `Answer ${index}.`,
    record: index % 5 === 2 ? {} : { rating: index },
  }),
);

for (const kind of MEASURES) measureContract(kind, { instructions, sources, options: { scoreField: 'rating' } });

it.each([...MEASURES].filter(({ needs }) => needs !== 'none'))(
  'asks about all of a conversation: $name',
  async (kind) => {
    const chat = { ...instructions[0]!, ...WHOLE_CONVERSATION, output: 'Twice a day.' };
    const { measure } = await kind.open({ scoreField: 'rating' }, [chat], sources);
    const before = server.requests.length;
    await measure([0], { generation: 0 });
    const asked = server.requests.slice(before).map(({ body }) => JSON.stringify(body));
    expect(asked).not.toEqual([]);
    // Earlier turns are judged each by itself, with what was said before.
    const said = kind.name === 'earlier-turns' ? ALL_THAT_WAS_SAID.slice(0, -2) : ALL_THAT_WAS_SAID;
    for (const text of said) expect(asked.join('\n')).toContain(text);
  },
);
