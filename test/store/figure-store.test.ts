import { expect, it } from 'vitest';
import { z } from 'zod';
import { emptyCampaign } from './campaign-file.ts';

const shape = z.object({ rows: z.array(z.int()) });

it('keeps figures by name', () => {
  const { figures, close } = emptyCampaign();
  expect(figures.find('outliers', shape)).toBeUndefined();
  figures.save('outliers', { rows: [3, 1] });
  figures.save('clusters', { rows: [] });
  expect(figures.find('outliers', shape)).toEqual({ rows: [3, 1] });
  close();
});

it('ignores a figure of another shape, and replaces it', () => {
  const { figures, close } = emptyCampaign();
  figures.save('outliers', { rows: 'of an earlier version' });
  expect(figures.find('outliers', shape)).toBeUndefined();
  figures.save('outliers', { rows: [2] });
  expect(figures.find('outliers', shape)).toEqual({ rows: [2] });
  close();
});
