import type { CampaignConfig } from '../../campaign/config/campaign-config.ts';
import { exportCorrections } from '../../campaign/export-corrections.ts';
import { exportLabels, type LabelExport } from '../../campaign/export-labels.ts';
import { exportTrainingData, type TrainingExport } from '../../campaign/export-training-data.ts';
import { importLabelFile } from '../../campaign/import-label-file.ts';
import type { ImportSummary } from '../../campaign/import-labels.ts';
import type { StepName } from '../../campaign/next-step.ts';
import { type CampaignStatus, campaignStatus } from '../../campaign/status.ts';
import { exportTasks, pushTasks } from '../../campaign/steps/export-tasks.ts';
import { pullLabels } from '../../campaign/steps/wait-for-labels.ts';
import { LabelError, StepError } from '../../domain/errors.ts';
import type { LedgerEntry } from '../../domain/expense.ts';
import type { Evaluation } from '../../domain/round.ts';
import { command, sentence } from '../../domain/wording.ts';
import type { PushedTasks } from '../../labels/http/label-server.ts';
import type { TrainingOptions } from '../../labels/training/training-format.ts';
import { type CampaignOptions, type OpenedContext, openContext } from './open-context.ts';
import type { NextOptions, StepResult } from './step-result.ts';
import { StepRunner } from './step-runner.ts';

/** How a label file is read. */
export interface ImportOptions {
  readonly tool?: string | undefined;
  readonly annotator?: string | undefined;
  readonly answerField?: string | undefined;
  readonly trustIds?: boolean | undefined;
  readonly encoding?: string | undefined;
}

/** The steps that use `retryFailed`, and those that use `goOn`. */
const RETRYING: ReadonlySet<StepName> = new Set(['judge-quality', 'select', 'find-failures']);
const GOING_ON: ReadonlySet<StepName> = new Set(['select', 'wait-for-labels', 'find-failures']);

/**
 * A campaign: a folder with a winnow.yaml and everything done so far. Every method may be killed at any moment and
 * called again: it continues, and does nothing twice.
 *
 * `next` runs the step that is due; the methods named after steps run that step and throw a StepError when another one
 * is due.
 */
export class Campaign {
  readonly #context: OpenedContext;
  readonly #machine: StepRunner;

  constructor(context: OpenedContext) {
    this.#context = context;
    this.#machine = new StepRunner(context);
  }

  get folder(): string {
    return this.#context.folder;
  }

  get config(): CampaignConfig {
    return this.#context.config;
  }

  /** What happened, what it cost and what comes next. */
  status(): Promise<CampaignStatus> {
    return campaignStatus(this.#context);
  }

  /** Every call and expense, oldest first. */
  ledger(): readonly LedgerEntry[] {
    return this.#context.state.ledger.entries();
  }

  /**
   * Runs the next step.
   * @returns how it ended: `step: 'stop'` when a stopping rule ends the campaign; `because: 'budget'` when the step
   *   could exceed a cap, which is recorded, and the step does not start
   * @throws DeclinedError; and what the step itself throws
   */
  next(options: NextOptions = {}): Promise<StepResult> {
    return this.#machine.next(options);
  }

  /**
   * Runs step after step until a person is needed, the budget is used, a stopping rule applies or the signal aborts.
   * @param options retryFailed and goOn apply once: to the first step that can use them
   * @param options.onStep called with every step as it ends
   * @returns how the last step ended
   */
  async run(options: NextOptions & { readonly onStep?: (result: StepResult) => void } = {}): Promise<StepResult> {
    let { retryFailed, goOn } = options;
    for (;;) {
      const result = await this.next({ ...options, retryFailed, goOn });
      options.onStep?.(result);
      // Short steps do not check the signal.
      if (result.step === 'stop' || !result.done || this.#context.signal?.aborted) return result;
      // Otherwise failing items would be retried endlessly, and later rounds would not wait for their labels.
      if (RETRYING.has(result.step)) retryFailed = false;
      if (GOING_ON.has(result.step)) goOn = false;
    }
  }

  addPool(options?: NextOptions) {
    return this.#machine.step('add-pool', options);
  }

  judgeQuality(options?: NextOptions) {
    return this.#machine.step('judge-quality', options);
  }

  planRound(options?: NextOptions) {
    return this.#machine.step('plan-round', options);
  }

  select(options?: NextOptions) {
    return this.#machine.step('select', options);
  }

  export(options?: NextOptions) {
    return this.#machine.step('export', options);
  }

  waitForLabels(options?: NextOptions) {
    return this.#machine.step('wait-for-labels', options);
  }

  train(options?: NextOptions) {
    return this.#machine.step('train', options);
  }

  evaluate(options?: NextOptions) {
    return this.#machine.step('evaluate', options);
  }

  findFailures(options?: NextOptions) {
    return this.#machine.step('find-failures', options);
  }

  /**
   * Writes the tasks of a round for an annotation tool. Can be repeated.
   * @param options.round default: the last one
   * @param options.tool default: labels.tool
   * @param options.replace whether a file with other content, such as labels, may be replaced
   * @throws OutputError when there is such a file and it may not be replaced
   */
  async exportTasks(options: { tool?: string; path?: string; round?: number; replace?: boolean } = {}) {
    const { tool = this.config.labels.tool, path, replace } = options;
    return exportTasks(this.#context, this.#roundWithTasks(options.round), { tool, path, replace });
  }

  /** Sends the tasks that the tool at labels.url does not have yet. @throws LabelError if no tool is configured */
  async pushTasks(round?: number): Promise<PushedTasks> {
    return (await pushTasks(this.#context, this.#roundWithTasks(round))) ?? noLabelServer();
  }

  /**
   * Imports labels from an annotation tool's export. Importing the same labels again changes nothing.
   * @param options.tool default: detected from the file
   * @param options.annotator who answered, if the file does not say
   * @param options.answerField the field, column, control or question that holds the answer; default: winnow's own
   * @param options.encoding where the file is not UTF-8: windows-1252
   * @param options.trustIds takes labels by their id alone, also beside another text than the assigned one
   */
  async importLabels(path: string, options: ImportOptions = {}): Promise<ImportSummary> {
    return importLabelFile(this.#context, path, { ...options, round: this.#roundWithTasks() });
  }

  /** Imports the labels of the tool at labels.url. @throws LabelError if no tool is configured */
  async pullLabels({ trustIds }: Pick<ImportOptions, 'trustIds'> = {}): Promise<ImportSummary> {
    return (await pullLabels(this.#context, this.#roundWithTasks(), { trustIds })) ?? noLabelServer();
  }

  /** Writes all labels so far as training data, with the held-out ones in files of their own. @param folder created if missing */
  exportTrainingData(format: string, folder: string, options: TrainingOptions = {}): Promise<TrainingExport> {
    return exportTrainingData(this.#context, format, folder, options);
  }

  /** Writes what people made of the answers they got as drafts: preference pairs, ratings. @param folder created if missing */
  exportCorrections(format: string, folder: string, options: TrainingOptions = {}): Promise<TrainingExport> {
    return exportCorrections(this.#context, format, folder, options);
  }

  /** Writes every label with all that is known of it. @param path its extension says the format */
  exportLabels(path: string): Promise<LabelExport> {
    return exportLabels(this.#context, path);
  }

  /** What the model of a round answered and how each answer was judged; empty if it was not evaluated. */
  evaluations(round: number): readonly Evaluation[] {
    return this.#context.state.models.evaluations(round);
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  #roundWithTasks(round?: number): number {
    const { rounds } = this.#context.state;
    const last = rounds.plans().findLast(({ number }) => rounds.isDone(number, 'select'));
    if (!last || (round !== undefined && (round < 1 || round > last.number))) {
      throw new StepError(
        last ? `There is no round ${round}; the last is ${last.number}.` : 'No round has selected instructions yet.',
        last
          ? 'Name a round that has selected instructions.'
          : sentence`Run ${command('next')} until instructions are selected.`,
      );
    }
    return round ?? last.number;
  }
}

/**
 * Opens the campaign in a folder, or starts it: the folder must hold a winnow.yaml.
 * Only one process works on a campaign at a time.
 * @throws ConfigError naming every line that is wrong; StateError when another process has it
 */
export async function openCampaign(folder: string, options: CampaignOptions = {}): Promise<Campaign> {
  return new Campaign(await openContext(folder, options, 'own'));
}

/** Status and ledger of a campaign, even while another process works on it. Needs no key and changes nothing. */
export async function viewCampaign(
  folder: string,
  options: CampaignOptions = {},
): Promise<Pick<Campaign, 'status' | 'ledger' | 'config' | 'folder' | 'close'>> {
  return new Campaign(await openContext(folder, options, 'view'));
}

function noLabelServer(): never {
  throw new LabelError('No annotation server is configured.', {
    hint: 'Set labels.tool to label-studio or argilla and labels.url in winnow.yaml.',
  });
}
