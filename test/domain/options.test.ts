import { expect, it } from 'vitest';
import { z } from 'zod';
import { declaredOptions } from '../../src/domain/options.ts';

it('lists the options a schema declares', () => {
  const schema = z.object({
    perQuery: z.coerce.number().int().min(1).default(4).describe('picks per query').meta({ value: '<m>' }),
    draft: z.boolean().optional().describe('write missing responses'),
    others: z.coerce.number().default(1000).describe('random others').meta({ defaultWords: 'all' }),
  });
  expect(declaredOptions(schema)).toMatchObject([
    { name: 'perQuery', description: 'picks per query', value: '<m>', isSwitch: false, defaultValue: 4 },
    { name: 'draft', description: 'write missing responses', isSwitch: true, defaultValue: undefined },
    { name: 'others', defaultWords: 'all', isSwitch: false, defaultValue: 1000 },
  ]);
});

it('refuses an option that says nothing about itself', () => {
  expect(() => declaredOptions(z.object({ top: z.number() }))).toThrow('The option "top" has no description.');
});
