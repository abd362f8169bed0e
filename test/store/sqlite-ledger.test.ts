import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BudgetExceededError } from '../../src/domain/errors.ts';
import type { BudgetCaps, PaidReply, PlannedCall, Spending } from '../../src/domain/ledger.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { SqliteLedger } from '../../src/store/sqlite-ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = temporaryFolder();
const clock = new VirtualClock();

function openLedger(path = ':memory:', caps: BudgetCaps = {}) {
  const database = openDatabase(path);
  return { database, ledger: new SqliteLedger(database, { caps, clock }) };
}

function planned(requestHash: string, worstCaseTokens = 100, worstCaseMicroUsd = 50): PlannedCall {
  const model = { provider: 'openai', model: 'gpt-4o-mini' };
  return { kind: 'choose', subject: 'query 1', requestHash, ...model, worstCaseTokens, worstCaseMicroUsd };
}

function paid(text: string, costMicroUsd = 30): PaidReply {
  const usage = { inputTokens: 60, cachedInputTokens: 20, outputTokens: 10 };
  return { text, model: 'gpt-4o-mini-2024-07-18', usage, stop: 'complete', costMicroUsd };
}

const NOTHING_SPENT: Spending = {
  settledMicroUsd: 0,
  reservedMicroUsd: 0,
  lostMicroUsd: 0,
  settledCalls: 0,
  reservedCalls: 0,
  lostCalls: 0,
  recountedCalls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  unsettledTokens: 0,
};

/** What counts towards the caps, in any state. */
function counted(spending: Spending) {
  return {
    microUsd: spending.settledMicroUsd + spending.reservedMicroUsd + spending.lostMicroUsd,
    calls: spending.settledCalls + spending.reservedCalls + spending.lostCalls,
    tokens: spending.inputTokens + spending.outputTokens + spending.unsettledTokens,
  };
}

describe('SqliteLedger', () => {
  it('keeps what the provider said where a reply is settled at other figures', () => {
    const { ledger, database } = openLedger();
    const reported = { inputTokens: 0 };
    ledger.settle(ledger.reserve(planned('a')), { ...paid('yes'), reported });
    ledger.settle(ledger.reserve(planned('b')), paid('no'));
    expect(ledger.findReply('a')).toEqual({ ...paid('yes'), reported });
    expect(ledger.findReply('b')).toEqual(paid('no'));
    expect(ledger.spending().recountedCalls).toBe(1);
    expect(new SqliteLedger(database, { clock: { now: () => 0 } }).spending().recountedCalls).toBe(1);
  });

  it('moves the worst case from reserved to what became of it', () => {
    const { ledger } = openLedger();
    const attempts = ['a', 'b', 'c', 'd'].map((hash) => ledger.reserve(planned(hash)));
    expect(ledger.spending()).toEqual({
      ...NOTHING_SPENT,
      reservedCalls: 4,
      reservedMicroUsd: 200,
      unsettledTokens: 400,
    });
    ledger.settle(attempts[0]!, paid('yes'));
    ledger.release(attempts[1]!, 'turned down');
    ledger.lose(attempts[2]!, 'timed out');
    expect(ledger.spending()).toEqual({
      settledMicroUsd: 30,
      reservedMicroUsd: 50,
      lostMicroUsd: 50,
      settledCalls: 1,
      reservedCalls: 1,
      lostCalls: 1,
      recountedCalls: 0,
      inputTokens: 60,
      cachedInputTokens: 20,
      outputTokens: 10,
      unsettledTokens: 200,
    });
  });

  it('finds the stored reply to a request, and no reply that never came', () => {
    const { ledger } = openLedger();
    const reply = { ...paid('{"choices": []}'), stop: 'length' as const };
    ledger.settle(ledger.reserve(planned('a')), reply);
    ledger.lose(ledger.reserve(planned('b')), 'dropped');
    ledger.reserve(planned('c'));
    expect(ledger.findReply('a')).toEqual(reply);
    for (const hash of ['b', 'c', 'd']) expect(ledger.findReply(hash)).toBeUndefined();
  });

  it('keeps the first reply where a request was answered twice, and the cost of both', () => {
    const { ledger } = openLedger();
    for (const text of ['first', 'second']) ledger.settle(ledger.reserve(planned('a')), paid(text));
    expect(ledger.findReply('a')).toEqual(paid('first'));
    expect(ledger.spending()).toMatchObject({ settledCalls: 2, settledMicroUsd: 60 });
  });

  it('stores replies of any text; lone surrogates become U+FFFD as in any file', () => {
    const { ledger } = openLedger();
    const texts = ['', 'a\0b', '\u{1f600} \ud83d!', '"\'; DROP TABLE reply; --', 'line\r\n\u2028end'];
    texts.forEach((text, index) => {
      ledger.settle(ledger.reserve(planned(`hash ${index}`)), paid(text));
      expect(ledger.findReply(`hash ${index}`)?.text).toBe(text.toWellFormed());
    });
    expect(() => ledger.lose(ledger.reserve(planned('e')), 'broken \udc00\0')).not.toThrow();
  });

  it('ends an attempt once only, and none that never began', () => {
    const { ledger } = openLedger();
    const ends = [
      (attempt: number) => ledger.settle(attempt, paid('again')),
      (attempt: number) => ledger.release(attempt, 'again'),
      (attempt: number) => ledger.lose(attempt, 'again'),
    ];
    const ended = ends.map((end, index) => {
      const attempt = ledger.reserve(planned(`hash ${index}`));
      end(attempt);
      return attempt;
    });
    const before = ledger.spending();
    for (const attempt of [...ended, 999]) for (const end of ends) expect(() => end(attempt)).toThrow();
    expect(ledger.spending()).toEqual(before);
    expect(ledger.findReply('hash 1')).toBeUndefined();
  });

  it.each([
    [{ maxMicroUsd: 149 }, 'usd', 'maxMicroUsd'],
    [{ maxCalls: 2 }, 'calls', 'maxCalls'],
    [{ maxTokens: 299 }, 'tokens', 'maxTokens'],
  ] as const)('refuses the third call under %j and says how to go on', (caps, cap, flag) => {
    const { ledger } = openLedger(':memory:', caps);
    const attempts = [ledger.reserve(planned('a')), ledger.reserve(planned('b'))];
    expect(() => ledger.reserve(planned('c'))).toThrow(
      expect.objectContaining({
        code: 'BUDGET_EXCEEDED',
        cap,
        callsUnderWay: 2,
        hint: expect.stringContaining(flag),
      }),
    );
    ledger.release(attempts[0]!, 'turned down');
    expect(() => ledger.reserve(planned('c'))).not.toThrow();
  });

  it('says with numbers why a call does not fit', () => {
    const { ledger } = openLedger(':memory:', { maxMicroUsd: 120 });
    ledger.reserve(planned('a'));
    ledger.reserve(planned('b'));
    expect(() => ledger.reserve(planned('c'))).toThrow(
      '$0.0001 of $0.00012 is spent or set aside; the next call (query 1) could cost $0.00005.',
    );
  });

  it('allows what exactly fills a cap, and nothing with a cap of zero', () => {
    const { ledger } = openLedger(':memory:', { maxMicroUsd: 50, maxTokens: 100, maxCalls: 1 });
    expect(() => ledger.reserve(planned('a'))).not.toThrow();
    expect(() => openLedger(':memory:', { maxCalls: 0 }).ledger.reserve(planned('a'))).toThrow(BudgetExceededError);
    expect(() => openLedger(':memory:', { maxMicroUsd: 0 }).ledger.reserve(planned('a', 100, 0))).not.toThrow();
  });

  it('counts calls that were open when their process died as lost, permanently', () => {
    const path = folder.file('orphans.db');
    const first = openLedger(path);
    first.ledger.settle(first.ledger.reserve(planned('a')), paid('yes'));
    const orphan = first.ledger.reserve(planned('b'));
    first.database.close();

    const second = openLedger(path, { maxCalls: 3 });
    expect(second.ledger.spending()).toEqual({
      ...NOTHING_SPENT,
      settledMicroUsd: 30,
      settledCalls: 1,
      inputTokens: 60,
      cachedInputTokens: 20,
      outputTokens: 10,
      lostMicroUsd: 50,
      lostCalls: 1,
      unsettledTokens: 100,
    });
    expect(second.ledger.findReply('a')).toEqual(paid('yes'));
    expect(() => second.ledger.settle(orphan, paid('late'))).toThrow();
    second.ledger.reserve(planned('b'));
    expect(() => second.ledger.reserve(planned('c'))).toThrow(BudgetExceededError);
    expect(second.database.prepare("SELECT count(*) FROM outcome WHERE state = 'lost'").pluck().get()).toBe(1);
    second.database.close();
  });
});

describe('SqliteLedger, for any order of events', () => {
  const optionalCap = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined });
  const caps = fc.record({ maxMicroUsd: optionalCap(1_500), maxCalls: optionalCap(12), maxTokens: optionalCap(3_000) });
  const reserving = fc.record({
    event: fc.constant('reserve' as const),
    hash: fc.integer({ min: 0, max: 9 }),
    tokens: fc.integer({ min: 0, max: 500 }),
    microUsd: fc.integer({ min: 0, max: 200 }),
  });
  const ending = fc.record({
    event: fc.constantFrom('settle' as const, 'release' as const, 'lose' as const),
    which: fc.nat(),
    /** Parts of the worst case that were really used. */
    inputShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
    outputShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
    costShare: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const events = fc.array(fc.oneof(reserving, ending), { minLength: 10, maxLength: 40 });

  function fits(spending: Spending, { maxMicroUsd, maxCalls, maxTokens }: BudgetCaps, call?: PlannedCall): boolean {
    const { microUsd, calls, tokens } = counted(spending);
    return (
      microUsd + (call?.worstCaseMicroUsd ?? 0) <= (maxMicroUsd ?? Number.POSITIVE_INFINITY) &&
      calls + (call ? 1 : 0) <= (maxCalls ?? Number.POSITIVE_INFINITY) &&
      tokens + (call?.worstCaseTokens ?? 0) <= (maxTokens ?? Number.POSITIVE_INFINITY)
    );
  }

  it('never passes a cap, refuses only what does not fit, and reads its totals again from the file', () => {
    let run = 0;
    fc.assert(
      fc.property(caps, events, (limits, steps) => {
        const path = folder.file(`run-${run++}.db`);
        const { database, ledger } = openLedger(path, limits);
        const open = new Map<number, PlannedCall>();
        for (const step of steps) {
          if (step.event === 'reserve') {
            const call = planned(`hash ${step.hash}`, step.tokens, step.microUsd);
            if (fits(ledger.spending(), limits, call)) open.set(ledger.reserve(call), call);
            else expect(() => ledger.reserve(call)).toThrow(BudgetExceededError);
          } else if (open.size > 0) {
            const [attempt, call] = [...open][step.which % open.size]!;
            open.delete(attempt);
            if (step.event !== 'settle') ledger[step.event](attempt, 'it failed');
            else {
              const inputTokens = Math.floor(call.worstCaseTokens * step.inputShare);
              const outputTokens = Math.floor(call.worstCaseTokens * step.outputShare);
              ledger.settle(attempt, {
                ...paid('{}', Math.floor(call.worstCaseMicroUsd * step.costShare)),
                usage: { inputTokens, cachedInputTokens: inputTokens >> 1, outputTokens },
              });
            }
          }
          expect(fits(ledger.spending(), limits)).toBe(true);
          expect(ledger.spending().reservedCalls).toBe(open.size);
        }
        const inMemory = ledger.spending();
        database.close();

        const again = openLedger(path, limits);
        expect(again.ledger.spending()).toEqual({
          ...inMemory,
          reservedMicroUsd: 0,
          reservedCalls: 0,
          lostMicroUsd: inMemory.lostMicroUsd + inMemory.reservedMicroUsd,
          lostCalls: inMemory.lostCalls + inMemory.reservedCalls,
        });
        expect(counted(again.ledger.spending())).toEqual(counted(inMemory));
        again.database.close();
      }),
      { numRuns: 60 },
    );
  });
});
