import { afterEach, describe, expect, it } from 'vitest';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { loadPrompt } from '../../../src/models/prompt-template.ts';
import { CRITERIA } from '../../../src/selection/judges/criteria.ts';
import { expertJudge } from '../../../src/selection/judges/expert-judge.ts';
import { llmJudge } from '../../../src/selection/judges/llm-judge.ts';
import { offlineJudge } from '../../../src/selection/judges/offline-judge.ts';
import { DRAFT_PROMPT, draftedResponses } from '../../../src/selection/measures/drafted-responses.ts';
import { fieldMeasure } from '../../../src/selection/measures/field-measure.ts';
import { judgeMeasure } from '../../../src/selection/measures/judge-measure.ts';
import { givenResponses } from '../../../src/selection/measures/response-source.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { askerOf } from './measure-lab.ts';

describe('the short name of a measure', () => {
  let server: ProviderServer | undefined;
  afterEach(() => server?.close());

  it('names the judge and the responses', async () => {
    server = await startOpenAiServer({ chat: () => ({ text: '' }) });
    const asker = askerOf(server);
    const { id, variables } = CRITERIA.find('accuracy').prompt;
    const prompt = loadPrompt(id, variables);
    const judge = llmJudge(CRITERIA.find('accuracy'), { asker, endpoint: `${server.url}/v1`, prompt });
    const drafts = draftedResponses(asker, loadPrompt(DRAFT_PROMPT.id, DRAFT_PROMPT.variables), []);
    const { name, shortName } = judgeMeasure(judge, [], drafts);
    expect(name).toContain(prompt.hash.slice(0, 12));
    expect(shortName).toBe(`${asker.provider} ${asker.model}, of drafts`);
    expect(judge.shortName).toBe(`${asker.provider} ${asker.model}`);
  });

  it('does so for judges without an LLM', () => {
    const given = givenResponses([]);
    expect(judgeMeasure(expertJudge(CRITERIA.find('accuracy')), [], given).shortName).toBe(
      'expert scorer, of existing responses',
    );
    const offline = (criterion: string) => offlineJudge(CRITERIA.find(criterion), { embedder: minilmEmbedder() });
    expect(judgeMeasure(offline('accuracy'), [], given).shortName).toBe('offline judge, of existing responses');
    expect(judgeMeasure(offline('quality'), [], given).shortName).toBe('offline judge');
  });

  it('equals the name when nothing is left out', () => {
    const { name, shortName } = fieldMeasure('scores', []);
    expect(shortName).toBe(name);
  });
});
