import { z } from 'zod';
import { count, price, text, usd, webAddress } from '../domain/option-values.ts';
import { defineTrainer } from './trainer-definition.ts';

const KEY_VARIABLE = 'OPENAI_API_KEY';
const SERVED_BY = 'openai';

const options = z.object({
  model: text.describe('the model to fine-tune, e.g. gpt-4o-mini-2024-07-18').meta({ value: '<name>' }),
  baseUrl: webAddress.optional().describe('where it is served, if not at OpenAI').meta({ value: '<url>' }),
  epochs: count.default(3).describe('how often the training reads each label').meta({ value: '<n>' }),
  trainingPrice: usd.describe('US dollars per million training tokens').meta({ value: '<usd>' }),
  price: price.describe('of asking the fine-tuned model').meta({ value: '<in,out>' }),
  contextTokens: count.default(16_384).describe('tokens the model holds').meta({ value: '<n>' }),
});

/** OpenAI's fine-tuning, or a server that speaks the same API. */
export const openAiDefinition = defineTrainer({
  name: 'openai',
  summary: 'OpenAI fine-tuning',
  source: 'https://platform.openai.com/docs/guides/supervised-fine-tuning',
  options,
  keyVariable: KEY_VARIABLE,
  servedBy: SERVED_BY,
  modelNeedsOptions: true,
  format: 'openai',
  async open({ model, baseUrl, epochs, trainingPrice }, { environment, timeoutMs, clock, fetch }) {
    // Its SDK takes a moment to load.
    const { openAiFineTuningTrainer } = await import('./openai-fine-tuning.ts');
    const apiKey = environment[KEY_VARIABLE];
    return openAiFineTuningTrainer({ model, apiKey, baseUrl, epochs, trainingPrice, timeoutMs, clock, fetch });
  },
  async openModel(model, { baseUrl, price: modelPrice, contextTokens }, tools) {
    const { asker, environment, maxOutputTokens, temperature } = tools;
    const { servedModel } = await import('./served-model.ts');
    const settings = {
      ...{ provider: SERVED_BY, model: model.name, baseUrl: model.baseUrl ?? baseUrl },
      ...{ price: modelPrice, contextTokens },
      ...{ apiKey: environment[KEY_VARIABLE], keySource: KEY_VARIABLE },
    };
    return servedModel({ asker: await asker(settings), round: model.round, maxOutputTokens, temperature });
  },
});
