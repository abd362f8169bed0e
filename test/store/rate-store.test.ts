import { describe, expect, it } from 'vitest';
import { openRunState } from '../../src/store/run-state.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = temporaryFolder();
const open = () => openRunState(folder.file('run.db'), { kind: 'pick' }, { clock: new VirtualClock(), version: '1' });

describe('RateStore', () => {
  it('keeps the last rates of each model for the next run', () => {
    const first = open();
    expect(first.ledger.rates.find('openai', 'gpt-5')).toBeUndefined();
    first.ledger.rates.keep('openai', 'gpt-5', { requestsPerMs: 0.001 });
    first.ledger.rates.keep('openai', 'gpt-5', { requestsPerMs: 0.005, tokensPerMs: 7 });
    first.ledger.rates.keep('openai', 'other', {});
    first.close();
    const second = open();
    expect(second.ledger.rates.find('openai', 'gpt-5')).toEqual({ requestsPerMs: 0.005, tokensPerMs: 7 });
    expect(second.ledger.rates.find('openai', 'other')).toEqual({});
    second.close();
  });
});
