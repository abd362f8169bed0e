import { describe, expect, it } from 'vitest';
import { createMatrixKernel } from '../../../src/math/create-matrix-kernel.ts';
import { defaultStrategy, STRATEGIES } from '../../../src/selection/strategies/registry.ts';
import { strategyContext } from '../../../src/testing/strategy-context.ts';
import { type StrategyExpectations, strategyContract } from '../../../src/testing/strategy-contract.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const examples = folder.write(
  'examples.jsonl',
  '{"instruction": "Explain how to sum."}\n{"instruction": "Name a bird."}\n',
);

const EXPECTATIONS: Readonly<Record<string, StrategyExpectations>> = {
  selectllm: { nesting: [[false, {}]], usesWeights: true, fewShown: { perQuery: 2, itemsPerQuery: 4 } },
  'facility-location': {
    nesting: [
      [true, {}],
      [true, { qualityWeight: 0 }],
      [false, { qualityWeight: 1 }],
    ],
    usesWeights: true,
  },
  'k-means': { nesting: [[false, {}]], usesWeights: true },
  'k-center': { nesting: [[true, {}]], usesWeights: true },
  herding: { nesting: [[true, {}]], usesWeights: true },
  typiclust: { nesting: [[false, {}]], usesWeights: false },
  novelselect: { nesting: [[true, {}]], usesWeights: false },
  'task-diversity': {
    nesting: [
      [true, {}],
      [true, { tasks: 4 }],
    ],
    usesWeights: false,
  },
  car: { nesting: [[false, {}]], usesWeights: false },
  deita: {
    nesting: [
      [true, { threshold: 1 }],
      [true, { threshold: 0.95 }],
    ],
    usesWeights: false,
    letAllPass: { threshold: 1 },
  },
  targeted: {
    nesting: [
      [true, { examples }],
      [true, { examples, by: 'transport' }],
    ],
    usesWeights: false,
    letAllPass: { examples },
  },
  mix: {
    nesting: [[false, { mix: 'facility-location:60,random:40' }]],
    usesWeights: true,
    letAllPass: { mix: 'facility-location:60,random:40' },
  },
  uncertainty: {
    nesting: [
      [true, {}],
      [true, { cover: 'facility-location' }],
    ],
    usesWeights: false,
  },
  mig: {
    nesting: [
      [true, {}],
      [true, { clusters: 3 }],
    ],
    usesWeights: false,
  },
  mods: {
    nesting: [
      [true, { threshold: 0 }],
      [true, { threshold: 0, cover: 'facility-location' }],
      [false, { threshold: 0, cover: 'k-means' }],
    ],
    usesWeights: true,
    letAllPass: { threshold: 0 },
  },
  alpagasus: { nesting: [[true, { threshold: 0 }]], usesWeights: false, letAllPass: { threshold: 0 } },
  ifd: { nesting: [[true, { highest: 5 }]], usesWeights: false, letAllPass: { highest: 5 } },
  rouge: { nesting: [[true, {}]], usesWeights: false },
  length: {
    nesting: [
      [true, {}],
      [true, { prefer: 'shortest' }],
    ],
    usesWeights: false,
  },
  perplexity: {
    nesting: [
      [true, {}],
      [true, { prefer: 'middle' }],
    ],
    usesWeights: false,
  },
  'open-endedness': { nesting: [[true, {}]], usesWeights: false },
  random: { nesting: [[true, {}]], usesWeights: false },
};

for (const strategy of STRATEGIES) strategyContract(strategy, EXPECTATIONS[strategy.name]!);

describe('the seed', () => {
  it.each(['random', 'k-means', 'k-center', 'typiclust', 'novelselect', 'task-diversity'])(
    'changes what %s picks',
    async (name) => {
      const kernel = await createMatrixKernel({ threads: 1 });
      const strategy = STRATEGIES.find(name);
      const pick = async (seed: number) => {
        const context = strategyContext(strategy, kernel, { count: 8, seed });
        const { picks } = await (await strategy.prepare(context)).select();
        return picks.map(({ position }) => position);
      };
      expect(await pick(1)).not.toEqual(await pick(2));
      await kernel.release();
    },
  );
});

describe('the registry of strategies', () => {
  it('lists the strategies for an unknown name', () => {
    expect(() => STRATEGIES.find('selectlm')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: 'There is no strategy "selectlm".',
        hint: `Did you mean "selectllm"? Use one of: ${STRATEGIES.names.join(', ')}.`,
      }),
    );
  });

  it('has a default with an LLM and one without', () => {
    expect([defaultStrategy(true), defaultStrategy(false)]).toEqual(['selectllm', 'facility-location']);
  });
});
