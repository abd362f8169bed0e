import { describe, expect, it } from 'vitest';
import type { PaidReply, PlannedCall } from '../../../src/domain/ledger.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { MeteredCaller } from '../../../src/models/metering/metered-caller.ts';
import { openDatabase } from '../../../src/store/open-database.ts';
import { SqliteLedger } from '../../../src/store/sqlite-ledger.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { settled, VirtualClock } from '../../support/virtual-clock.ts';

const folder = temporaryFolder();
/** More than a page: it does not fit into what the file has already. */
const LONG = 'word '.repeat(4_000);

function plan(name: string): PlannedCall {
  const call = { kind: 'choose', subject: `call ${name}`, requestHash: name, provider: 'test', model: 'test-1' };
  return { ...call, worstCaseTokens: 100, worstCaseMicroUsd: 100 };
}

function reply(text: string): PaidReply {
  const usage = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 0 };
  return { text, model: 'test-1', usage, stop: 'complete', costMicroUsd: 10 };
}

/** A ledger in a real file that SQLite may be kept from growing, as a full disk does. */
function setUp(name: string) {
  const database = openDatabase(folder.file(`${name}.db`));
  const clock = new VirtualClock();
  const ledger = new SqliteLedger(database, { clock });
  const notes: string[] = [];
  const onNote = (note: string) => notes.push(note);
  const caller = new MeteredCaller({ ledger, clock, random: seededRandom(1), maxConcurrency: 4, onNote });
  const fill = () => database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
  const free = () => database.pragma('max_page_count = 100000');
  return { database, ledger, caller, clock, notes, fill, free };
}

describe('a reply that comes when the disk is full', () => {
  it('waits in memory until there is space, is stored, and is not bought again; no call starts meanwhile', async () => {
    const { ledger, caller, clock, notes, fill, free } = setUp('waits');
    const asked: string[] = [];
    const ask = (name: string, before = () => {}) =>
      caller.call(plan(name), async () => {
        asked.push(name);
        before();
        return { paid: reply(LONG), result: name };
      });
    const first = ask('first', fill);
    await settled();
    const second = ask('second');
    for (let wait = 0; wait < 3; wait += 1) await clock.advance(2_000);
    expect(asked).toEqual(['first']);
    expect(notes).toEqual([expect.stringMatching(/waits\.db cannot be written: .*full\. .*Free some space/)]);
    expect(ledger.spending()).toMatchObject({ reservedCalls: 1, settledCalls: 0, lostCalls: 0 });
    free();
    await clock.advance(2_000);
    await expect(Promise.all([first, second])).resolves.toEqual(['first', 'second']);
    expect(ledger.findReply('first')!.text).toBe(LONG);
    expect(ledger.spending()).toMatchObject({ settledCalls: 2, lostCalls: 0, settledMicroUsd: 20 });
  });

  it('is stored after the first Ctrl-C too; the second one ends the wait, and its cost stays counted', async () => {
    const { ledger, caller, clock, fill } = setUp('ended');
    const stop = new AbortController();
    const abandon = new AbortController();
    const call = caller.call(
      plan('a'),
      async () => {
        fill();
        return { paid: reply(LONG), result: 'a' };
      },
      { signal: stop.signal, abandon: abandon.signal },
    );
    call.catch(() => undefined);
    await settled();
    stop.abort(new Error('enough'));
    await clock.advance(2_000);
    expect(ledger.spending().reservedCalls).toBe(1);
    abandon.abort(new Error('now'));
    await expect(call).rejects.toMatchObject({ code: 'STATE_FULL', hint: expect.stringContaining('Free some space') });
    expect(ledger.spending().reservedMicroUsd).toBe(100);
  });

  it('is handed to what stores it again, as vectors are, before it is settled', async () => {
    const { ledger, caller, clock, free } = setUp('vectors');
    let tries = 0;
    const store = () => {
      tries += 1;
      if (tries < 3) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    const call = caller.call(plan('a'), async () => ({ paid: reply(''), result: 'a', store }));
    await settled();
    for (let wait = 0; wait < 3; wait += 1) await clock.advance(2_000);
    free();
    await expect(call).resolves.toBe('a');
    expect(tries).toBe(3);
    expect(ledger.spending().settledCalls).toBe(1);
  });

  it('costs nothing where the reservation itself found no space: no request is made', async () => {
    const { ledger, caller, database, fill } = setUp('unsent');
    fill();
    let asked = 0;
    const subject = LONG;
    const call = caller.call({ ...plan('a'), subject }, async () => {
      asked += 1;
      return { paid: reply(''), result: 'a' };
    });
    await expect(call).rejects.toMatchObject({ code: 'STATE_FULL' });
    expect(asked).toBe(0);
    expect(database.prepare('SELECT count(*) FROM attempt').pluck().get()).toBe(0);
    expect(ledger.spending().reservedCalls).toBe(0);
  });
});
