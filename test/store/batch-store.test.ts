import { describe, expect, it } from 'vitest';
import { BudgetExceededError } from '../../src/domain/errors.ts';
import type { PlannedCall } from '../../src/domain/ledger.ts';
import { CampaignLedger } from '../../src/store/campaign-ledger.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { SqliteLedger } from '../../src/store/sqlite-ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const clock = { now: () => 1_000 };
const OWNER = { provider: 'openai', model: 'gpt-4o-mini', endpoint: 'https://api.openai.com/v1' };
const HELD = { countedInputTokens: 10, mostInputTokens: 20, maxOutputTokens: 30 };

function calls(count: number) {
  return Array.from({ length: count }, (_, index): { planned: PlannedCall; held: typeof HELD } => ({
    planned: {
      ...{ kind: 'choose', subject: `query ${index}`, requestHash: `hash-${index}`, provider: 'openai' },
      ...{ model: 'gpt-4o-mini', worstCaseTokens: 50, worstCaseMicroUsd: 100 },
    },
    held: HELD,
  }));
}

describe('BatchStore', () => {
  it('keeps what is set aside for a batch when the file is opened again, and who has it', () => {
    const path = folder.file('kept.db');
    const first = openDatabase(path);
    const ledger = new SqliteLedger(first, { clock });
    const begun = ledger.batches.begin(OWNER, calls(2), '{}');
    const alone = ledger.reserve({ ...calls(3)[2]!.planned });
    expect(alone).toBe(3);
    ledger.batches.sent(begun.key);
    ledger.batches.submitted(begun.key, 'batch_1');
    first.close();

    const again = new SqliteLedger(openDatabase(path), { clock });
    // The live call may be billed; those of the batch are worked on.
    expect(again.spending()).toMatchObject({
      reservedCalls: 2,
      reservedMicroUsd: 200,
      lostCalls: 1,
      lostMicroUsd: 100,
    });
    expect(again.batches.open(OWNER)).toEqual([{ ...begun, sentAtMs: 1_000, remoteId: 'batch_1' }]);
    expect(again.batches.open({ ...OWNER, model: 'gpt-4o' })).toEqual([]);
    expect([again.batches.holds('hash-0'), again.batches.holds('hash-2')]).toEqual([true, false]);
    for (const { attempt } of begun.calls) again.release(attempt, 'it expired');
    expect(again.batches.open(OWNER)).toEqual([]);
    expect(again.batches.openCalls()).toBe(0);
  });

  it('begins a batch of as many calls as fit under a cap, and none where not even one fits', () => {
    const ledger = new SqliteLedger(openDatabase(':memory:'), { clock, caps: { maxMicroUsd: 250 } });
    expect(ledger.batches.begin(OWNER, calls(3), '{}').calls).toHaveLength(2);
    const before = ledger.spending();
    expect(() => ledger.batches.begin(OWNER, calls(3).slice(2), '{}')).toThrow(BudgetExceededError);
    expect(ledger.spending()).toEqual(before);
    expect(ledger.batches.open(OWNER)).toHaveLength(1);
  });

  it('stores nothing of a change that fails half way, and counts nothing of it', () => {
    const ledger = new SqliteLedger(openDatabase(':memory:'), { clock });
    const { calls: begun } = ledger.batches.begin(OWNER, calls(2), '{}');
    const before = ledger.spending();
    const halfWay = () =>
      ledger.together(() => {
        ledger.release(begun[0]!.attempt, 'it expired');
        throw new Error('the power went');
      });
    expect(halfWay).toThrow('the power went');
    expect(ledger.spending()).toEqual(before);
    expect(ledger.batches.openCalls()).toBe(2);
  });

  it('does not ask a step that goes on for the money that is set aside for its batches', () => {
    const ledger = new CampaignLedger(openDatabase(':memory:'), { clock, caps: { llmMicroUsd: 250 } });
    ledger.calls.batches.begin(OWNER, calls(2), '{}');
    expect(ledger.room().llmMicroUsd).toBe(50);
    expect(ledger.roomForStep().llmMicroUsd).toBe(250);
  });
});
