import { createHash } from 'node:crypto';
import { embeddingText, type Instruction, pairText } from '../../domain/instruction.ts';
import { REPAIR_PROMPT } from '../../models/llm-asker.ts';
import type { PromptTemplate } from '../../models/prompt-template.ts';
import { IFD } from '../../selection/measures/ifd-measure.ts';
import type { ConfidentModel, Measure, MeasureName } from '../../selection/measures/measure.ts';
import { allPrompts, measuresOf } from '../../selection/measures/open-measures.ts';
import { UNCERTAINTY } from '../../selection/measures/uncertainty-measure.ts';
import { scoringOf } from '../../selection/strategies/scoring-options.ts';
import type { Strategy } from '../../selection/strategies/strategy.ts';
import { groupFields, optionFiles, promptsOf } from '../../selection/strategies/strategy-needs.ts';
import { identityOptions } from '../../selection/strategies/strategy-options.ts';
import { askingIdentity, fileIdentity, promptIdentity, SHORT_HASH } from '../open-run.ts';
import type { Workbench } from '../workbench.ts';
import { hideResponse, scoreIn } from './hide-response.ts';
import type { LabeledInstruction } from './labeled-data.ts';
import { armKey, type ParsedArm } from './parse-arm.ts';
import { type RememberedValues, rememberedMeasure } from './remembered-measure.ts';
import type { SimulateSettings } from './simulate-options.ts';
import type { Arm } from './simulation-result.ts';

/** What arms have in common; added to as it is needed. */
export class SharedByArms {
  /** What was measured, by measure. */
  readonly #values = new Map<string, RememberedValues>();
  /** The data, by what is shown of it. */
  readonly #views = new Map<string, readonly Instruction[]>();

  values(key: string): RememberedValues {
    const values = this.#values.get(key) ?? new Map();
    this.#values.set(key, values);
    return values;
  }

  /** By position of the data: without responses, but for an arm that judges them. */
  view(labeled: readonly LabeledInstruction[], { arm, strategy }: ParsedArm): readonly Instruction[] {
    const { options, sawResponses } = arm;
    const { scoreField } = scoringOf(options);
    const groups = groupFields(strategy, options);
    const key = JSON.stringify([scoreField ?? null, sawResponses, groups]);
    const view =
      this.#views.get(key) ??
      labeled.map((item) => {
        const hidden = hideResponse(item, scoreField, groups);
        return sawResponses ? { ...hidden, output: item.output } : hidden;
      });
    this.#views.set(key, view);
    return view;
  }
}

/** Stands in for the seed model until there are labels to make it of; its measures are only named. */
const UNTRAINED: ConfidentModel = {
  name: 'retrieval',
  concurrency: 1,
  answer: () => Promise.reject(new Error('A seed model was asked before it was trained.')),
  estimate: () => ({ expected: 0, worstCase: 0 }),
};

/** An arm with what it may see of the data. */
export class SimulatedArm {
  readonly arm: Arm;
  readonly strategy: Strategy;
  /** By position of the data: without responses, but for an arm that judges them. */
  readonly shown: readonly Instruction[];
  /** What it uses, by id. */
  readonly prompts: ReadonlyMap<string, PromptTemplate>;
  readonly #settings: SimulateSettings;
  readonly #workbench: Workbench;
  readonly #shared: SharedByArms;
  #identity: Promise<string> | undefined;
  #whole: Promise<ReadonlyMap<MeasureName, Measure>> | undefined;

  constructor(
    { arm, strategy }: ParsedArm,
    labeled: readonly LabeledInstruction[],
    settings: SimulateSettings,
    workbench: Workbench,
    shared: SharedByArms,
  ) {
    this.arm = arm;
    this.strategy = strategy;
    this.#settings = settings;
    this.#workbench = workbench;
    this.#shared = shared;
    this.shown = shared.view(labeled, { arm, strategy });
    this.prompts = workbench.prompts.of(this.#promptsUsed());
  }

  /** Whether choosing may cost money. */
  get isPaid(): boolean {
    return this.arm.asksLlm && this.#settings.llm.provider !== 'offline';
  }

  /** The text it is embedded by, as far as the arm may see it. */
  textOf(position: number): string {
    const item = this.shown[position]!;
    return this.strategy.needs.embeddings === 'pairs' ? pairText(item) : embeddingText(item);
  }

  /** What it measures by in a pool, given by positions of the data. */
  async measures(pool: readonly number[]): Promise<ReadonlyMap<MeasureName, Measure>> {
    // Offline, how likely a text is depends on what else is in the pool.
    if (
      this.#settings.llm.provider === 'offline' &&
      this.#measured().some((name) => name === 'likelihood' || name === IFD)
    ) {
      return this.#open(pool.map((position) => this.shown[position]!));
    }
    this.#whole ??= this.#open(this.shown);
    const whole = await this.#whole;
    const remembered = (name: MeasureName, measure: Measure) =>
      rememberedMeasure(measure, pool, this.#shared.values(measureKey(name, measure, this.arm)));
    return new Map([...whole].map(([name, measure]) => [name, remembered(name, measure)]));
  }

  /** All that decides what it chooses from a pool with a seed: part of the keys of its cells. */
  identity(): Promise<string> {
    this.#identity ??= this.#identify();
    return this.#identity;
  }

  async #identify(): Promise<string> {
    const { arm, strategy, prompts } = this;
    this.#whole ??= this.#open(this.shown);
    const measures = [...(await this.#whole)].map(([name, measure]) => [name, measure.name]);
    return JSON.stringify({
      arm: armKey({
        strategy: strategy.name,
        options: identityOptions(strategy, arm.options, this.#workbench.prompts.edition),
      }),
      sawResponses: arm.sawResponses,
      measures,
      scores: this.#scoresHash(),
      ...this.#groups(),
      ...fileIdentity(optionFiles(strategy, arm.options)),
      ...(arm.asksLlm ? { ...askingIdentity(this.#settings.llm), ...promptIdentity(prompts) } : {}),
      ...(await this.#standIn()),
    });
  }

  /** The version of the offline stand-in: settings do not name it. */
  async #standIn(): Promise<{ readonly standIn?: string }> {
    if (!this.arm.asksLlm || this.#settings.llm.provider !== 'offline') return {};
    return { standIn: (await this.#workbench.llm()).client.model };
  }

  /** Whether it goes by the confidence of a seed model that only labels can make. */
  get needsSeedModel(): boolean {
    return this.#settings.llm.provider === 'offline' && this.#measured().includes(UNCERTAINTY);
  }

  /** What it measures by in a pool once there is a seed model. */
  measuresWith(pool: readonly number[], model: ConfidentModel): Promise<ReadonlyMap<MeasureName, Measure>> {
    return this.#open(
      pool.map((position) => this.shown[position]!),
      model,
    );
  }

  #open(
    instructions: readonly Instruction[],
    model: ConfidentModel = UNTRAINED,
  ): Promise<ReadonlyMap<MeasureName, Measure>> {
    const { strategy, arm } = this;
    const seedModel = this.needsSeedModel ? async () => model : undefined;
    return this.#workbench.measures(strategy, arm.options, instructions, seedModel);
  }

  #measured(): readonly MeasureName[] {
    return measuresOf(this.strategy, this.arm.options, this.shown);
  }

  #promptsUsed() {
    const { strategy, arm } = this;
    if (!arm.asksLlm) return promptsOf(strategy, arm.options);
    return [...allPrompts(strategy, arm.options, this.shown, this.#settings.llm.provider), REPAIR_PROMPT];
  }

  /** Of the groups that fields name, which are the user's to change too. */
  #groups(): { readonly groups?: string } {
    const fields = groupFields(this.strategy, this.arm.options);
    if (fields.length === 0) return {};
    const groups = this.shown.map(({ record }) => fields.map((field) => record[field] ?? null));
    return { groups: createHash('sha256').update(JSON.stringify(groups)).digest('hex').slice(0, SHORT_HASH) };
  }

  /** Of the numbers a score field holds, which are the user's to change. */
  #scoresHash(): string | null {
    const { scoreField } = scoringOf(this.arm.options);
    if (scoreField === undefined) return null;
    const scores = JSON.stringify(this.shown.map((item) => scoreIn(item, scoreField) ?? null));
    return createHash('sha256').update(scores).digest('hex').slice(0, SHORT_HASH);
  }
}

/** The same key for the same measure of the same responses. */
export function measureKey(name: MeasureName, measure: Measure, { sawResponses }: Arm): string {
  return JSON.stringify([name, measure.name, sawResponses]);
}
