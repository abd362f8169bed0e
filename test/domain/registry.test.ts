import { expect, it } from 'vitest';
import { UsageError } from '../../src/domain/errors.ts';
import { Registry } from '../../src/domain/registry.ts';

const SHAPES = new Registry('shape', [
  { name: 'circle', corners: 0 },
  { name: 'square', corners: 4 },
]);

it('finds an entry by its name', () => {
  expect(SHAPES.find('square').corners).toBe(4);
  expect(SHAPES.has('square')).toBe(true);
  expect(SHAPES.has('toString')).toBe(false);
});

it('lists its entries in the order given', () => {
  expect([...SHAPES].map(({ corners }) => corners)).toEqual([0, 4]);
  expect(SHAPES.names).toEqual(['circle', 'square']);
});

it('names the nearest entry and all others when there is none', () => {
  const error = (name: string) => {
    try {
      return SHAPES.find(name);
    } catch (thrown) {
      return thrown;
    }
  };
  expect(error('sqaure')).toBeInstanceOf(UsageError);
  expect(error('sqaure')).toMatchObject({
    message: 'There is no shape "sqaure".',
    hint: 'Did you mean "square"? Use one of: circle, square.',
  });
  expect(error('hexagon')).toMatchObject({ hint: 'Use one of: circle, square.' });
});

it('gains entries without changing', () => {
  const more = SHAPES.with({ name: 'triangle', corners: 3 });
  expect(more.names).toEqual(['circle', 'square', 'triangle']);
  expect(more.find('triangle').corners).toBe(3);
  expect(more.kind).toBe('shape');
  expect(SHAPES.names).toEqual(['circle', 'square']);
});

it('refuses a name that is taken', () => {
  const twice = () => SHAPES.with({ name: 'circle', corners: 1 });
  expect(twice).toThrow(UsageError);
  expect(twice).toThrow('There are two shape entries named "circle".');
});

it('takes the objects of plugins, each once', () => {
  const shapes = SHAPES.with();
  const hexagon = { name: 'hexagon', corners: 6 };
  shapes.add(hexagon);
  shapes.add(hexagon);
  expect(shapes.names).toEqual(['circle', 'square', 'hexagon']);
  expect(() => shapes.add({ name: 'hexagon', corners: 6 })).toThrow('There are two shape entries named "hexagon".');
});

it('names an entry that is given as the object itself', () => {
  const shapes = SHAPES.with();
  const star = { name: 'star', corners: 10 };
  expect(shapes.nameOf('anything')).toBe('anything');
  expect(shapes.nameOf(star)).toBe('star');
  expect(shapes.find('star')).toBe(star);
});
