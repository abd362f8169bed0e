import { expect, it } from 'vitest';
import { assertMatrixFits } from '../../../src/models/embedders/matrix-room.ts';

it('vectors that do not fit into the machine are refused with both sizes', () => {
  expect(() => assertMatrixFits(10_000_000, 384, 8e9)).toThrow(
    'The vectors do not fit into memory: 10,000,000 rows of 384 values take 15.4 GB, and this machine has 8.0 GB.',
  );
  expect(() => assertMatrixFits(5_000_000, 384, 8e9)).not.toThrow();
});
