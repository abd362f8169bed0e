import { UsageError } from '../domain/errors.ts';
import type { Registry } from '../domain/registry.ts';
import type { CorrectionFormat } from '../labels/corrections/correction-format.ts';
import { CORRECTION_FORMATS } from '../labels/corrections/registry.ts';
import type { LabelBridge } from '../labels/label-bridge.ts';
import { BRIDGES } from '../labels/registry.ts';
import { TRAINING_FORMATS } from '../labels/training/registry.ts';
import type { TrainingFormat } from '../labels/training/training-format.ts';
import type { EmbedderDefinition } from '../models/embedders/embedder-definition.ts';
import { EMBEDDERS } from '../models/embedders/registry.ts';
import type { ProviderDefinition } from '../models/providers/provider-definition.ts';
import { PROVIDERS } from '../models/providers/registry.ts';
import type { RecordFormat } from '../records/record-format.ts';
import { RECORD_FORMATS } from '../records/registry.ts';
import type { JudgeKind } from '../selection/judges/judge.ts';
import { JUDGES } from '../selection/judges/registry.ts';
import type { MeasureKind } from '../selection/measures/measure.ts';
import { MEASURES } from '../selection/measures/registry.ts';
import { STRATEGIES } from '../selection/strategies/registry.ts';
import type { Strategy } from '../selection/strategies/strategy.ts';
import { TRAINERS } from '../trainers/registry.ts';
import type { TrainerDefinition } from '../trainers/trainer-definition.ts';

/** What a plugin is known by: both are part of the identity of every run that uses it. */
export interface PluginIdentity {
  readonly name: string;
  readonly version: string;
}

/** Objects of a user's own, each of the interface that those of winnow have. */
export interface Plugin extends PluginIdentity {
  readonly strategies?: readonly Strategy[];
  readonly measures?: readonly MeasureKind[];
  readonly judges?: readonly JudgeKind[];
  readonly providers?: readonly ProviderDefinition[];
  readonly embedders?: readonly EmbedderDefinition[];
  readonly trainers?: readonly TrainerDefinition[];
  readonly bridges?: readonly LabelBridge[];
  readonly trainingFormats?: readonly TrainingFormat[];
  readonly correctionFormats?: readonly CorrectionFormat[];
  readonly recordFormats?: readonly RecordFormat[];
}

/** Of each list, the functions that its objects must have. */
const FUNCTIONS: { readonly [Kind in Exclude<keyof Plugin, keyof PluginIdentity>]: readonly string[] } = {
  strategies: ['prepare', 'measures', 'nested'],
  measures: ['open', 'prompts'],
  judges: ['judges', 'open', 'prompts'],
  providers: ['open'],
  embedders: ['identity', 'open'],
  trainers: ['open', 'openModel'],
  bridges: ['encode', 'decode', 'detect'],
  trainingFormats: ['files'],
  correctionFormats: ['takes', 'files'],
  recordFormats: ['read'],
};

/**
 * Adds the objects of plugins to the registries of this process, so that options, flags and winnow.yaml know their
 * names. Using the same plugin again changes nothing.
 * @returns what the plugins are known by, in order of name
 * @throws UsageError for something that is no plugin, and for names that are taken
 */
export function usePlugins(plugins: readonly Plugin[]): readonly PluginIdentity[] {
  for (const plugin of plugins) {
    checkPlugin(plugin);
    addAll(STRATEGIES, plugin.strategies);
    addAll(MEASURES, plugin.measures);
    addAll(JUDGES, plugin.judges);
    addAll(PROVIDERS, plugin.providers);
    addAll(EMBEDDERS, plugin.embedders);
    addAll(TRAINERS, plugin.trainers);
    addAll(BRIDGES, plugin.bridges);
    addAll(TRAINING_FORMATS, plugin.trainingFormats);
    addAll(CORRECTION_FORMATS, plugin.correctionFormats);
    addAll(RECORD_FORMATS, plugin.recordFormats);
  }
  return plugins.map(({ name, version }) => ({ name, version })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Plugins as a part of a run's identity; nothing where there are none, as before there were any. */
export function pluginIdentity(plugins: readonly PluginIdentity[]): { readonly plugins?: string } {
  if (plugins.length === 0) return {};
  return { plugins: plugins.map(({ name, version }) => `${name} ${version}`).join(', ') };
}

function addAll<T extends { readonly name: string }>(registry: Registry<T>, objects: readonly T[] = []): void {
  for (const object of objects) registry.add(object);
}

/** Plain JavaScript has no types that would find a slip. */
function checkPlugin(plugin: Plugin): void {
  for (const field of ['name', 'version'] as const) {
    if (typeof plugin[field] !== 'string' || plugin[field].trim() === '') {
      throw new UsageError(`A plugin has no ${field}.`, 'A plugin is an object with a name, a version and its lists.');
    }
  }
  const { name, version: _, ...lists } = plugin;
  for (const [list, objects] of Object.entries(lists)) {
    const functions = Object.hasOwn(FUNCTIONS, list) ? FUNCTIONS[list as keyof typeof FUNCTIONS] : undefined;
    if (functions === undefined) {
      throw new UsageError(
        `The plugin "${name}" has an unknown list "${list}".`,
        `Use ${Object.keys(FUNCTIONS).join(', ')}.`,
      );
    }
    if (!Array.isArray(objects)) throw new UsageError(`${list} of the plugin "${name}" is not a list.`);
    for (const object of objects as readonly Record<string, unknown>[]) checkObject(name, list, object, functions);
  }
}

function checkObject(
  plugin: string,
  list: string,
  object: Readonly<Record<string, unknown>>,
  functions: readonly string[],
): void {
  if (typeof object?.name !== 'string' || object.name === '') {
    throw new UsageError(`One of the ${list} of the plugin "${plugin}" has no name.`);
  }
  const missing = functions.find((name) => typeof object[name] !== 'function');
  if (missing === undefined) return;
  throw new UsageError(
    `"${object.name}" of the plugin "${plugin}" has no function ${missing}.`,
    'See docs/library-and-plugins.md for what each kind of object needs.',
  );
}
