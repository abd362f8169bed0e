import { expect, it } from 'vitest';
import { SlipGuard } from '../../../src/annotate/page/slip-guard.ts';

it('the same keys pressed twice label one item; other keys label the next one, however soon', () => {
  const guard = new SlipGuard();
  expect(guard.isSlip('accepted', 0)).toBe(false);
  guard.noteLabel('accepted', 1_000);
  expect(guard.isSlip('accepted', 1_000)).toBe(true);
  expect(guard.isSlip('accepted', 1_299)).toBe(true);
  expect(guard.isSlip('skipped', 1_000)).toBe(false);
  expect(guard.isSlip('accepted', 1_300)).toBe(false);
  guard.noteLabel('skipped', 1_010);
  expect([guard.isSlip('skipped', 1_020), guard.isSlip('accepted', 1_020)]).toEqual([true, false]);
});
