import { expect, it } from 'vitest';
import { spellWording } from '../../src/domain/wording.ts';
import { findModel } from '../../src/models/metering/prices.ts';
import { openLlm } from '../../src/models/providers/open-llm.ts';
import { priceNotes } from '../../src/runs/price-notes.ts';

const MISTRAL = { provider: 'mistral', model: 'mistral-medium-3-5', apiKey: 'k'.repeat(16), timeoutMs: 1_000 };

it('says when a price was read that its provider did not confirm, and which option overrides it', async () => {
  const { unconfirmed } = findModel('mistral', 'mistral-medium-3-5')!;
  expect(unconfirmed).toMatch(/^20\d\d-\d\d-\d\d$/);
  const notes = priceNotes(await openLlm(MISTRAL)).map((note) => spellWording(note, ({ name }) => `--${name}`));
  expect(notes).toEqual([
    `The price of mistral-medium-3-5 comes from another source than its provider, of ${unconfirmed}. Check it; --price overrides it.`,
  ]);
});

it('says nothing of confirmed prices, or of one that is set', async () => {
  const price = { input: 1, cachedInput: 1, output: 2 };
  expect(priceNotes(await openLlm({ ...MISTRAL, price }))).toEqual([]);
  expect(priceNotes(await openLlm({ ...MISTRAL, provider: 'openai', model: 'gpt-4o-mini' }))).toEqual([]);
});
