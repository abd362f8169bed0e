import type { CampaignCaps, PlannedExpense } from '../../src/domain/expense.ts';
import type { Instruction, JsonObject } from '../../src/domain/instruction.ts';
import type { PaidReply, PlannedCall } from '../../src/domain/ledger.ts';
import type { Pool } from '../../src/domain/pool.ts';
import { PoolBuilder } from '../../src/records/pool-builder.ts';
import { type CampaignState, openCampaignState } from '../../src/store/campaign-state.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export const clock = new VirtualClock();

export function campaignOptions(caps: CampaignCaps = {}) {
  return { clock, caps, version: '0.1.0' };
}

export interface Written {
  readonly id?: string;
  readonly instruction: string;
  readonly input?: string;
  readonly output?: string;
  readonly record?: JsonObject;
}

/** A pool as the readers of files build it, one record a line. */
export function poolOf(records: readonly Written[], file = 'pool.jsonl'): Pool {
  const builder = new PoolBuilder();
  records.forEach(({ id, record, ...item }, index) => {
    const draft = { ...item, meta: {}, record: record ?? { ...(id === undefined ? {} : { id }), ...item } };
    builder.add({ id, ...draft }, { file, line: index + 1 });
  });
  return builder.build();
}

export function emptyCampaign(caps: CampaignCaps = {}, path = ':memory:'): CampaignState {
  return openCampaignState(path, campaignOptions(caps));
}

/** A campaign with `size` instructions, "Task 0" on, of the ids t0, t1, … */
export function campaignOf(size: number): CampaignState {
  const state = emptyCampaign();
  const records = Array.from({ length: size }, (_, index) => ({ id: `t${index}`, instruction: `Task ${index}` }));
  state.items.addFile('pool.jsonl', 'hash', poolOf(records));
  return state;
}

export function texts(items: readonly Instruction[]): string[] {
  return items.map(({ instruction }) => instruction);
}

export function plannedCall(requestHash: string, worstCaseMicroUsd: number, worstCaseTokens = 100): PlannedCall {
  const model = { provider: 'openai', model: 'gpt-4o-mini' };
  return { kind: 'choose', subject: `call ${requestHash}`, requestHash, ...model, worstCaseTokens, worstCaseMicroUsd };
}

export function paidReply(costMicroUsd: number): PaidReply {
  const usage = { inputTokens: 60, cachedInputTokens: 20, outputTokens: 10 };
  return { text: '{}', model: 'gpt-4o-mini-2024-07-18', usage, stop: 'complete', costMicroUsd };
}

export function plannedExpense(
  account: PlannedExpense['account'],
  key: string,
  worstCaseMicroUsd: number,
  labels = account === 'labels' ? 1 : 0,
): PlannedExpense {
  return { account, key, subject: `the ${account} of ${key}`, worstCaseMicroUsd, labels };
}
