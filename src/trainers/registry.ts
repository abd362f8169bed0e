import { Registry } from '../domain/registry.ts';
import { commandDefinition } from './command-definition.ts';
import { nearestNeighbourDefinition } from './nearest-neighbour-definition.ts';
import { openAiDefinition } from './openai-definition.ts';
import { retrievalDefinition } from './retrieval-definition.ts';

/** Every kind of trainer, the default first. A new one is added here and nowhere else. */
export const TRAINERS = new Registry('trainer', [
  retrievalDefinition,
  nearestNeighbourDefinition,
  commandDefinition,
  openAiDefinition,
]);
