import { z } from 'zod';
import { count, price, text, usd, webAddress } from '../domain/option-values.ts';
import { modelNotServed } from './model-not-served.ts';
import { defineTrainer } from './trainer-definition.ts';

const KEY_VARIABLE = 'WINNOW_MODEL_API_KEY';

const options = z.object({
  command: text
    .describe('a shell command; docs/trainers.md says what it gets and must print')
    .meta({ value: '<line>' }),
  timeLimitMinutes: z
    .number()
    .positive()
    .default(1440)
    .describe('how long one training may take')
    .meta({ value: '<minutes>' }),
  worstCaseUsd: usd
    .optional()
    .describe('what one training can cost at most, in US dollars; required with budget.trainingUsd or budget.totalUsd')
    .meta({ value: '<usd>' }),
  costUsd: usd
    .optional()
    .describe('what one training costs if the command does not say; by default worstCaseUsd')
    .meta({ value: '<usd>' }),
  serve: z
    .strictObject({
      baseUrl: webAddress.optional().describe('where the model is served, if the command does not say'),
      price: price.prefault({ input: 0, output: 0 }).describe('of asking the model'),
      contextTokens: count.default(4096).describe('tokens the model holds'),
    })
    .prefault({})
    .describe('how the trained model is asked'),
});

/** A training command of the user's own. */
export const commandDefinition = defineTrainer({
  name: 'command',
  summary: 'your own training command',
  options,
  keyVariable: KEY_VARIABLE,
  modelNeedsOptions: true,
  format: { default: 'alpaca' },
  async open({ command, timeLimitMinutes, worstCaseUsd, costUsd }, { folder, environment, clock }) {
    const { commandTrainer } = await import('./command.ts');
    const stated = [worstCaseUsd, costUsd].filter((amount) => amount !== undefined);
    return commandTrainer({
      ...{ command, workingFolder: folder, environment, timeLimitMinutes, clock },
      worstCaseMicroUsd: stated.length > 0 ? Math.max(...stated) : undefined,
      usualMicroUsd: costUsd ?? worstCaseUsd ?? 0,
    });
  },
  async openModel(model, { serve }, { asker, environment, maxOutputTokens, temperature }) {
    const baseUrl = model.baseUrl ?? serve.baseUrl;
    if (baseUrl === undefined) throw modelNotServed(model, 'its server is not known');
    const { servedModel } = await import('./served-model.ts');
    const settings = {
      ...{ provider: 'compatible', model: model.name, baseUrl },
      ...{ price: serve.price, contextTokens: serve.contextTokens },
      ...{ apiKey: environment[KEY_VARIABLE], keySource: KEY_VARIABLE },
    };
    return servedModel({ asker: await asker(settings), round: model.round, maxOutputTokens, temperature });
  },
});
