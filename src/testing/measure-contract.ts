import { describe, expect, it } from 'vitest';
import type { Instruction } from '../domain/instruction.ts';
import type { MeasureKind, MeasureSources } from '../selection/measures/measure.ts';
import { noSources } from './judge-contract.ts';
import { instructionsOf } from './strategy-context.ts';
import { WHOLE_CONVERSATION } from './whole-conversation.ts';

export interface MeasureExpectations {
  /** Options of the strategy with which it is opened. Default: none. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it measures, at least three. Default: twelve instructions, each with a response. */
  readonly instructions?: readonly Instruction[];
  /** What it measures with: models and prompts. Default: nothing, for measures that need nothing. */
  readonly sources?: MeasureSources;
}

const GENERATION = { generation: 0 };

/** The tests that every measure must pass, as a vitest suite. */
export function measureContract(kind: MeasureKind, expectations: MeasureExpectations = {}): void {
  const { options = {}, sources = nothingToMeasureWith(kind.name) } = expectations;
  const { instructions = instructionsOf(12).map((item, index) => ({ ...item, output: `Answer ${index}.` })) } =
    expectations;
  const open = () => kind.open(options, instructions, sources);
  const everywhere = instructions.map((_, position) => position);

  describe(`the measure ${kind.name}`, () => {
    it('describes itself', async () => {
      for (const text of [kind.name, kind.summary]) expect(text).toMatch(/\S/);
      const { name, shortName, scale } = await open();
      for (const text of [name, shortName]) expect(text).toMatch(/\S/);
      expect(scale.min).toBeLessThan(scale.max);
    });

    it('gives every item a value on its scale, or says why it has none', async () => {
      const { scale, measure } = await open();
      const { values, reasons, failed, costMicroUsd, unmeasured, stopped } = await measure(everywhere, GENERATION);
      for (const list of [values, reasons, costMicroUsd]) expect(list).toHaveLength(everywhere.length);
      expect({ unmeasured, stopped }).toEqual({ unmeasured: 0, stopped: undefined });
      const without = everywhere.filter((row) => Number.isNaN(values[row]));
      expect(failed.map(({ position }) => position)).toEqual(without);
      for (const { failure } of failed) expect(failure).toMatch(/\S/);
      for (const value of values.filter((one) => !Number.isNaN(one))) {
        expect(value).toBeGreaterThanOrEqual(scale.min);
        expect(value).toBeLessThanOrEqual(scale.max);
      }
      expect(without.length).toBeLessThan(everywhere.length);
    });

    it('measures the positions it is given, in their order', async () => {
      const all = (await (await open()).measure(everywhere, GENERATION)).values;
      const some = [...everywhere.slice(1)].reverse();
      const { values } = await (await open()).measure(some, GENERATION);
      expect(Array.from(values)).toEqual(some.map((position) => all[position]));
    });

    it('costs at most its estimate, and keeps its values', async () => {
      const { estimate, measure } = await open();
      const { expected, worstCase } = (await estimate(everywhere, GENERATION)).costMicroUsd;
      expect(expected).toBeLessThanOrEqual(worstCase);
      const first = await measure(everywhere, GENERATION);
      for (const cost of first.costMicroUsd) expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
      expect(first.costMicroUsd.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(worstCase);

      const usable = everywhere.filter((row) => !Number.isNaN(first.values[row]));
      const again = await measure(usable, { generation: 1 });
      expect(Array.from(again.values)).toEqual(usable.map((row) => first.values[row]));
    });

    it.runIf(kind.of !== 'record')('measures all of a conversation, and not its last request alone', async () => {
      const output = 'Feed Mia eighty grams of turkey twice a day.';
      const chat = { ...instructions[0]!, ...WHOLE_CONVERSATION, output };
      const { context: _, ...alone } = chat;
      const pool = [...instructions, chat, { ...alone, id: 'alone' }];
      const { estimate, measure } = await kind.open(options, pool, sources);
      const seen = async (position: number) => {
        const { tokens } = await estimate([position], GENERATION);
        const { values, failed } = await measure([position], GENERATION);
        expect(failed).toEqual([]);
        return { tokens, value: values[0] };
      };
      expect(await seen(instructions.length)).not.toEqual(await seen(instructions.length + 1));
    });

    it('returns, rather than throws, when it is stopped', async () => {
      const signal = AbortSignal.abort(new Error('leaving'));
      const { values, unmeasured, stopped } = await (await open()).measure(everywhere, { ...GENERATION, signal });
      expect(values).toHaveLength(everywhere.length);
      expect(stopped === undefined).toBe(unmeasured === 0);
    });
  });
}

function nothingToMeasureWith(name: string): MeasureSources {
  const none = noSources(name);
  return {
    ...none,
    writer: async () => none.judgingLlm().then(({ asker }) => asker),
    providers: { writing: 'offline', judging: 'offline' },
  };
}
