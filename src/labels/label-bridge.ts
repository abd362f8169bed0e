import type { LabelTask, TasksAbout } from '../domain/label.ts';
import type { OptionsSchema } from '../domain/options.ts';
import type { QuestionKind } from '../domain/questions.ts';
import type { LabelServer, LabelServerSettings } from './http/label-server.ts';
import type { DecodedLabels, DecodeOptions, LabelFile } from './label-file.ts';

/**
 * An annotation tool: everything the command line, winnow.yaml, the library and the docs know about it. Turns tasks into
 * the tool's file, and its export into annotations; both are pure. A new one is one file with such an object and one
 * line of the registry.
 */
export interface LabelBridge {
  /** As options name it. */
  readonly name: string;
  /** One line for help and docs. */
  readonly summary: string;
  /** Where the tool documents its format: a URL. Absent for formats of our own. */
  readonly source?: string;
  /** Whether its file can be filled in without a tool; `winnow annotate` does the same in the browser. */
  readonly isPlain?: boolean;
  /** Of the files it writes, with the dot. */
  readonly extension: '.json' | '.jsonl' | '.csv';
  /** How to set the tool up for the file, for people; several lines. */
  readonly setup: string;
  /** The kinds of questions that it can ask beside the response. Default: none. */
  readonly questions?: readonly QuestionKind[];
  /** The text of the whole file; ends with a newline. Deterministic. */
  encode(tasks: readonly LabelTask[], about?: TasksAbout): string;
  /** What to set the tool up with where tasks have questions: a file beside theirs. */
  readonly interface?: { readonly extension: '.xml'; encode(tasks: readonly LabelTask[], about: TasksAbout): string };
  /** Whether a parsed file looks like this tool's export. At most one bridge recognizes a file that its tool wrote. */
  detect(file: LabelFile): boolean;
  /** Never throws because of the content: what cannot be read is in `foreign`. */
  decode(file: LabelFile, options?: DecodeOptions): DecodedLabels;
  /** Present where tasks and labels can also be sent and fetched over HTTP. */
  readonly server?: LabelServerDefinition;
}

/** The HTTP side of an annotation tool. */
export interface LabelServerDefinition {
  /** What messages call the tool: `Label Studio`. */
  readonly serviceName: string;
  /** The environment variable its key is read from. */
  readonly keyVariable: string;
  /** What it needs to know besides its address and key: keys under `labels` in winnow.yaml. */
  readonly options: OptionsSchema;
  /**
   * Connects to the tool; its code is loaded here and not before.
   * @throws LabelError for an invalid address or key
   */
  open(settings: LabelServerSettings): Promise<LabelServer>;
}
