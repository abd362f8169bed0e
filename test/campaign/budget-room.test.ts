import { expect, test } from 'vitest';
import { checkRoom } from '../../src/campaign/budget-room.ts';
import type { StepPlan } from '../../src/campaign/step-outcome.ts';
import { BudgetExceededError } from '../../src/domain/errors.ts';
import type { CampaignRoom } from '../../src/domain/expense.ts';

const PLAN: StepPlan = {
  calls: [],
  step: 'evaluate',
  round: 2,
  llmMicroUsd: { expected: 10, worstCase: 1000 },
  trainingMicroUsd: 500,
};

function refusal(room: CampaignRoom): BudgetExceededError | undefined {
  try {
    checkRoom(PLAN, room);
    return undefined;
  } catch (error) {
    if (error instanceof BudgetExceededError) return error;
    throw error;
  }
}

test.each<[string, CampaignRoom, boolean]>([
  ['no cap', {}, true],
  ['room for the worst case', { llmMicroUsd: 1000, trainingMicroUsd: 500 }, true],
  ['too little for the worst case of the LLMs, though enough for the expected one', { llmMicroUsd: 999 }, false],
  ['too little for the training', { llmMicroUsd: 5000, trainingMicroUsd: 499 }, false],
])('with %s', (_, room, fits) => {
  expect(refusal(room) === undefined).toBe(fits);
});

test('the error names the step, both amounts and the cap to raise', () => {
  const llm = refusal({ llmMicroUsd: 999 })!;
  expect(llm.message).toBe(
    'The step "evaluate" could cost $0.001, but only $0.000999 is left for LLMs. It was not started.',
  );
  expect(llm.hint).toContain('budget.llmUsd or budget.totalUsd');
  const training = refusal({ trainingMicroUsd: 0 })!;
  expect(training.message).toContain('left for training');
  expect(training.hint).toContain('budget.trainingUsd or budget.totalUsd');
});

test('what costs nothing fits even where nothing is left', () => {
  const free = { ...PLAN, llmMicroUsd: { expected: 0, worstCase: 0 }, trainingMicroUsd: 0 };
  expect(() => checkRoom(free, { llmMicroUsd: 0, trainingMicroUsd: 0 })).not.toThrow();
});
