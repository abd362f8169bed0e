import type { OptionsSchema } from '../../domain/options.ts';
import type { Wording } from '../../domain/wording.ts';
import type { MeteredCaller } from '../metering/metered-caller.ts';
import type { RequestSettings } from '../providers/provider-settings.ts';
import type { Embedder, EmbeddingCost } from './embedder.ts';
import type { EmbedderSettings } from './embedder-settings.ts';

/** What an embedder asks with. */
export interface EmbedderTools extends RequestSettings {
  readonly caller: MeteredCaller;
  /** Ends requests under way. */
  readonly abandon?: AbortSignal | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
}

/**
 * An embedder: everything the command line, winnow.yaml, the library and the docs know of it. A new one is one file with
 * such an object and one line of the registry.
 */
export interface EmbedderDefinition {
  /** As options name it. */
  readonly name: string;
  /** One line for help and docs. */
  readonly summary: string;
  /** Where it is documented: a URL. */
  readonly source?: string;
  /**
   * The settings that mean something to it. Each that is not among the usual ones becomes a flag, a key of `embedder` in
   * winnow.yaml and a name in `embedderOptions`; `open` gets them as `own`.
   */
  readonly settings: OptionsSchema;
  /** Whether its model is a folder, which winnow.yaml names relative to itself. */
  readonly modelIsFolder?: true;
  /** The environment variable its key is read from. Absent: it takes no key. */
  keyVariable?(settings: Pick<EmbedderSettings, 'baseUrl'>): string;
  /**
   * Names its vectors; part of a run's identity.
   * @throws UsageError where a setting is missing; UnknownPriceError
   */
  identity(settings: EmbedderSettings): string;
  /** What embedding these texts will cost. Absent: nothing. @throws as `identity` does */
  estimate?(settings: EmbedderSettings, texts: readonly string[]): EmbeddingCost;
  /** What the user should know of its vectors for these texts. Absent: nothing. */
  notes?(texts: readonly string[]): readonly Wording[];
  /**
   * Opens it on a worker of a cluster, which has no keys and meters nothing. Absent: it embeds where the run is.
   * @throws as `open` does
   */
  openOnWorker?(settings: EmbedderSettings): Promise<Embedder>;
  /** What it needs is loaded here and not before. @throws as `identity` does; UsageError without a key it needs */
  open(settings: EmbedderSettings, tools: EmbedderTools): Promise<Embedder>;
}
