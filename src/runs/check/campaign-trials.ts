import type { Wording } from '../../domain/wording.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import type { CampaignToolsOptions } from '../campaign/campaign-tools-options.ts';
import { openLabelServer } from '../campaign/open-label-server.ts';
import { openSeedModel, openTrainer } from '../campaign/open-trainer.ts';
import type { Workbench } from '../workbench.ts';
import { FREE_TRIAL, type Trial } from './trial.ts';

const QUESTION = { instruction: 'Say hello.' };

/**
 * What a campaign needs besides the models that choose, judge and embed: the annotation tool, the trainer, and the last
 * model it made.
 * @param options.state is only read
 */
export function campaignTrials(options: CampaignToolsOptions, workbench: Workbench): Trial[] {
  const { config, state } = options;
  const { labels, trainer } = config;
  const model = state.models.models().at(-1);
  return [
    ...(labels.url === undefined ? [] : [labelServerTrial(options)]),
    ...(TRAINERS.find(trainer.kind).isImmediate ? [] : [trainerTrial(options)]),
    ...(model !== undefined && TRAINERS.find(model.trainer).modelNeedsOptions
      ? [
          {
            what: 'trained model',
            which: `${model.name} of round ${model.round}`,
            open: async () => {
              const seedModel = await openSeedModel(model, [], options, workbench);
              return {
                cost: seedModel.estimate(QUESTION),
                run: async () => {
                  const { text } = await seedModel.answer(QUESTION, { subject: 'one small request' });
                  return [text.trim() === '' ? 'answers, with an empty text' : 'answers'];
                },
              };
            },
          },
        ]
      : []),
  ];
}

function labelServerTrial(options: CampaignToolsOptions): Trial {
  const { tool, url } = options.config.labels;
  return {
    what: 'annotation tool',
    which: `${tool} at ${url}`,
    open: async () => {
      const server = await openLabelServer(options);
      return {
        cost: FREE_TRIAL,
        run: async (): Promise<readonly Wording[]> => {
          if (server?.check === undefined) return ['cannot be tried without pushing tasks'];
          await server.check();
          return ['takes the key and lists what is there'];
        },
      };
    },
  };
}

function trainerTrial(options: CampaignToolsOptions): Trial {
  return {
    what: 'trainer',
    which: options.config.trainer.kind,
    open: async () => {
      const trainer = await openTrainer(options);
      return {
        cost: FREE_TRIAL,
        run: async () => [(await trainer.check?.()) ?? 'cannot be tried without a training'],
      };
    },
  };
}
