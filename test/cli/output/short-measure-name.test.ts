import { afterEach, describe, expect, it } from 'vitest';
import { shortMeasureName } from '../../../src/cli/output/short-measure-name.ts';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { loadPrompt } from '../../../src/models/prompt-template.ts';
import { expertJudge } from '../../../src/selection/judges/expert-judge.ts';
import { JUDGE_PROMPTS, llmJudge } from '../../../src/selection/judges/llm-judge.ts';
import { offlineJudge } from '../../../src/selection/judges/offline-judge.ts';
import { DRAFT_PROMPT, draftedResponses } from '../../../src/selection/measures/drafted-responses.ts';
import { fieldMeasure } from '../../../src/selection/measures/field-measure.ts';
import { judgeMeasure } from '../../../src/selection/measures/judge-measure.ts';
import { givenResponses } from '../../../src/selection/measures/response-source.ts';
import { askerOf } from '../../selection/measures/measure-lab.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';

describe('the short name of a measure', () => {
  let server: ProviderServer | undefined;
  afterEach(() => server?.close());

  it('says who judges, and which responses', async () => {
    server = await startOpenAiServer({ chat: () => ({ text: '' }) });
    const asker = askerOf(server);
    const { id, variables } = JUDGE_PROMPTS.accuracy;
    const prompt = loadPrompt(id, variables);
    const judge = llmJudge('accuracy', { asker, endpoint: `${server.url}/v1`, prompt });
    const drafts = draftedResponses(asker, loadPrompt(DRAFT_PROMPT.id, DRAFT_PROMPT.variables), []);
    const { name } = judgeMeasure(judge, [], drafts);
    expect(name).toContain(prompt.hash.slice(0, 12));
    expect(shortMeasureName(name)).toBe(`${asker.provider} ${asker.model}, of drafts`);
    expect(shortMeasureName(judge.name)).toBe(`${asker.provider} ${asker.model}`);
  });

  it('says it of the judges that ask nobody', () => {
    const given = givenResponses([]);
    expect(shortMeasureName(judgeMeasure(expertJudge('accuracy'), [], given).name)).toBe(
      'expert scorer, of the responses that are there',
    );
    const offline = (criterion: 'accuracy' | 'quality') => offlineJudge(criterion, { embedder: minilmEmbedder() });
    expect(shortMeasureName(judgeMeasure(offline('accuracy'), [], given).name)).toBe(
      'offline judge, of the responses that are there',
    );
    expect(shortMeasureName(judgeMeasure(offline('quality'), [], given).name)).toBe('offline judge');
  });

  it('leaves out where a model that weighs texts is found', () => {
    const name = 'log-probability by openai davinci-002 at https://api.openai.com/v1, the first 1,024 tokens';
    expect(shortMeasureName(name)).toBe('log-probability by openai davinci-002');
  });

  it('is the name itself where that has another form', () => {
    const { name } = fieldMeasure('scores, of drafts by hand', []);
    expect(shortMeasureName(name)).toBe(name);
  });
});
