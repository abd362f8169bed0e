import { stripVTControlCharacters as plain } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderStep, renderStepLine } from '../../../src/cli/output/render-step.ts';
import { option, sentence } from '../../../src/domain/wording.ts';
import type { StepResult } from '../../../src/runs/campaign/step-result.ts';

const next = { step: 'plan-round', round: 1 } as const;
const facts = { round: 1, costMicroUsd: 0, next } as const;
const nothing = { settledMicroUsd: 0, reservedMicroUsd: 0 };
const money = {
  spending: {
    llm: nothing,
    labels: { ...nothing, settledLabels: 0, reservedLabels: 0 },
    training: nothing,
    total: nothing,
  },
  room: {},
};
const status = {
  ...money,
  command: { line: 'winnow next', because: 'plans the next round' },
  rounds: [],
  selection: null,
  alternatives: [],
};

describe('what a step did', () => {
  it('is said of judging, with what is left out', () => {
    const details = { judge: 'gpt', judged: 9, kept: 1200, leftOut: 4, unjudged: 2, threshold: 2.5 };
    const result: StepResult = { ...facts, step: 'judge-quality', done: true, details, notes: ['Most are equal.'] };
    expect(plain(renderStep({ ...result, costMicroUsd: 1234 }, status))).toBe(
      'round 1  Judged 9 instructions with gpt: in total, 1,200 kept, 4 below 2.5 left out, 2 left out without a judgment\n' +
        '  note  Most are equal.\n' +
        '  cost  $0.001234 spent or set aside\n' +
        '  next  winnow next: plans the next round\n',
    );
  });

  it('is said of a pool that only had to be embedded', () => {
    const details = { files: [], instructions: 5 };
    const result: StepResult = { ...facts, step: 'add-pool', done: true, details, notes: [] };
    expect(plain(renderStepLine(result))).toBe('round 1  Embedded the pool: 5 instructions in all\n');
  });

  it('is said of one that pauses, with what to do about it in the words of winnow.yaml', () => {
    const result: StepResult = {
      ...facts,
      step: 'select',
      done: false,
      because: 'provider',
      message: '3 of 8 are chosen so far.\nNo such model.',
      hint: sentence`Check ${option('model')} and ${option('baseUrl')}.`,
    };
    expect(plain(renderStep({ ...result, costMicroUsd: -500_000 }, status))).toBe(
      'round 1  3 of 8 are chosen so far. No such model.\n' +
        '  cost   $0.50 released\n' +
        '  to do  Check llm.model and llm.baseUrl.\n',
    );
  });

  it('ends with what is spent, set aside and left, with why and until when', () => {
    const details = { files: [], instructions: 5 };
    const result: StepResult = { ...facts, step: 'add-pool', done: true, details, notes: [] };
    const llm = { settledMicroUsd: 1_500_000, reservedMicroUsd: 2_000 };
    const labels = { settledMicroUsd: 4_000_000, reservedMicroUsd: 28_000_000, settledLabels: 10, reservedLabels: 70 };
    const total = { settledMicroUsd: 5_500_000, reservedMicroUsd: 28_002_000 };
    const spending = { ...money.spending, llm, labels, total };
    const room = { llmMicroUsd: 498_000, labelMicroUsd: 26_498_000, totalMicroUsd: 26_498_000 };
    expect(plain(renderStep(result, { ...status, spending, room }))).toBe(
      'round 1  Embedded the pool: 5 instructions in all\n' +
        '  next       winnow next: plans the next round\n' +
        '  spent      $5.50\n' +
        '  set aside  $28.00 for 70 labels, until they come in; $0.002 for calls that may have been billed without an answer; it counts as spent from now on\n' +
        '  left       $0.498 for LLM calls, $26.498 in all\n',
    );
    expect(plain(renderStep(result, { ...status, spending, room: {} }))).toMatch(
      /left +no cap, set one under budget in winnow.yaml\n$/,
    );
  });

  it('is said of the end, with the page that shows what came of it', () => {
    const stop = { rule: 'most-rounds', message: '3 of 3 rounds are done.' } as const;
    const ended = { ...money, command: { line: 'winnow status', because: stop.message }, rounds: [], selection: null };
    const report = { line: 'winnow report -C there', because: 'shows what it did' };
    const next = { step: 'stop', round: 3, stop } as const;
    const result: StepResult = { ...facts, step: 'stop', done: true, round: 3, stop, next };
    expect(plain(renderStep(result, { ...ended, alternatives: [report] }))).toBe(
      'round 3  The campaign has ended. 3 of 3 rounds are done.\n  next  winnow report -C there: shows what it did\n',
    );
  });

  it('is said of one that waits, with how far it has come and every command that goes on', () => {
    const result: StepResult = {
      ...facts,
      step: 'wait-for-labels',
      done: false,
      because: 'waiting',
      message: 'Waiting for 3 of 8 labels.',
      hint: 'Annotate in the browser.',
    };
    const round = { number: 1, kind: 'seed', strategy: 'k-means', adapted: null, planned: 8, selected: 8 } as const;
    const counts = { labeled: 4, rejected: 1, skipped: 0, awaited: 3, model: null, outcome: null };
    const shown = renderStep(result, {
      ...money,
      rounds: [{ ...round, ...counts }],
      selection: null,
      command: { line: 'winnow annotate', because: '3 labels are awaited' },
      alternatives: [{ line: 'winnow next --go-on', because: 'continues without the missing labels' }],
    });
    expect(plain(shown)).toBe(
      'round 1  Waiting for 3 of 8 labels.\n' +
        '  labels  █████████████░░░░░░░  5 of 8 in\n' +
        '  next    winnow annotate: 3 labels are awaited\n' +
        '  or      winnow next --go-on: continues without the missing labels\n',
    );
  });
});
