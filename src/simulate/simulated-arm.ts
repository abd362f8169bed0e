import { createHash } from 'node:crypto';
import { type MeasureSources, measurePrompts, measuresOf, openMeasures } from '../assembly/open-measures.ts';
import { askingIdentity, promptIdentity, SHORT_HASH } from '../assembly/open-run.ts';
import { embeddingText, type Instruction, pairText } from '../domain/instruction.ts';
import { REPAIR_PROMPT } from '../llm/llm-asker.ts';
import { loadPrompt, type PromptTemplate } from '../llm/prompt-template.ts';
import type { Measure, MeasureName } from '../strategies/measure.ts';
import { scoringOf } from '../strategies/scoring-options.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { hideResponse } from './hide-response.ts';
import type { LabeledInstruction } from './labeled-data.ts';
import { armKey, type ParsedArm } from './parse-arm.ts';
import { type RememberedValues, rememberedMeasure } from './remembered-measure.ts';
import type { SimulateSettings } from './simulate-options.ts';
import type { Arm } from './simulation-result.ts';

/** An arm with what it may see of the data. */
export class SimulatedArm {
  readonly arm: Arm;
  readonly strategy: Strategy;
  /** By position of the data: without responses, but for an arm that judges them. */
  readonly shown: readonly Instruction[];
  /** What it uses, by id. */
  readonly prompts: ReadonlyMap<string, PromptTemplate>;
  readonly #settings: SimulateSettings;
  readonly #sources: Omit<MeasureSources, 'instructions'>;
  readonly #remembered: Map<string, RememberedValues>;
  #whole: Promise<ReadonlyMap<MeasureName, Measure>> | undefined;

  /** @param remembered values by measure, shared by all arms */
  constructor(
    { arm, strategy }: ParsedArm,
    labeled: readonly LabeledInstruction[],
    settings: SimulateSettings,
    sources: Omit<MeasureSources, 'instructions'>,
    remembered: Map<string, RememberedValues>,
  ) {
    this.arm = arm;
    this.strategy = strategy;
    this.#settings = settings;
    this.#sources = sources;
    this.#remembered = remembered;
    const { scoreField } = scoringOf(arm.options);
    this.shown = labeled.map((item) => {
      const hidden = hideResponse(item, scoreField);
      return arm.sawResponses ? { ...hidden, output: item.output } : hidden;
    });
    this.prompts = new Map(
      this.#promptsUsed().map(({ id, variables }) => [id, loadPrompt(id, variables, settings.promptFolder)]),
    );
  }

  /** Whether choosing may cost money. */
  get isPaid(): boolean {
    return this.arm.asksLlm && this.#settings.provider !== 'offline';
  }

  /** The text it is embedded by, as far as the arm may see it. */
  textOf(position: number): string {
    const item = this.shown[position]!;
    return this.strategy.needs.embeddings === 'pairs' ? pairText(item) : embeddingText(item);
  }

  /** What it measures by in a pool, given by positions of the data. */
  async measures(pool: readonly number[]): Promise<ReadonlyMap<MeasureName, Measure>> {
    // Offline, how likely a text is depends on what else is in the pool.
    if (this.#settings.provider === 'offline' && this.#measured().includes('likelihood')) {
      return this.#open(pool.map((position) => this.shown[position]!));
    }
    this.#whole ??= this.#open(this.shown);
    const whole = await this.#whole;
    return new Map(
      [...whole].map(([name, measure]) => [name, rememberedMeasure(measure, pool, this.#valuesOf(name, measure))]),
    );
  }

  /** All that decides what it chooses from a pool with a seed: part of the keys of its cells. */
  async identity(): Promise<string> {
    const { arm, strategy, prompts } = this;
    this.#whole ??= this.#open(this.shown);
    const measures = [...(await this.#whole)].map(([name, measure]) => [name, measure.name]);
    return JSON.stringify({
      arm: armKey({ strategy: strategy.name, options: arm.options }),
      sawResponses: arm.sawResponses,
      measures,
      scores: this.#scoresHash(),
      ...(arm.asksLlm ? { ...askingIdentity(this.#settings), ...promptIdentity(prompts) } : {}),
    });
  }

  #open(instructions: readonly Instruction[]): Promise<ReadonlyMap<MeasureName, Measure>> {
    const { strategy, arm } = this;
    return openMeasures(strategy, arm.options, {
      ...this.#sources,
      instructions,
      prompt: (id) => this.prompts.get(id)!,
    });
  }

  #measured(): readonly MeasureName[] {
    return measuresOf(this.strategy, this.arm.options, this.shown);
  }

  #promptsUsed() {
    const { strategy, arm } = this;
    if (!arm.asksLlm) return strategy.prompts;
    const measuring = measurePrompts(this.#measured(), scoringOf(arm.options), this.#settings.provider);
    return [...strategy.prompts, ...measuring, REPAIR_PROMPT];
  }

  #valuesOf(name: MeasureName, measure: Measure): RememberedValues {
    const key = JSON.stringify([name, measure.name, this.arm.sawResponses]);
    const values = this.#remembered.get(key) ?? new Map();
    this.#remembered.set(key, values);
    return values;
  }

  /** Of the numbers a score field holds, which are the user's to change. */
  #scoresHash(): string | null {
    const { scoreField } = scoringOf(this.arm.options);
    if (scoreField === undefined) return null;
    const scores = JSON.stringify(this.shown.map(({ record }) => record[scoreField] ?? null));
    return createHash('sha256').update(scores).digest('hex').slice(0, SHORT_HASH);
  }
}
