import { expect, it } from 'vitest';
import { UsageError } from '../../src/domain/errors.ts';
import { Additions, Registry } from '../../src/domain/registry.ts';

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

it('removes what was collected once all that collected it have removed it, and keeps what was added for good', () => {
  const shapes = new Registry('shape', [{ name: 'circle' }]);
  const [circle] = shapes;
  const [line, star] = [{ name: 'line' }, { name: 'star' }];
  const [first, second] = [new Additions(), new Additions()];
  first.collect(() => [circle!, line, line, star].map((one) => shapes.add(one)));
  second.collect(() => shapes.add(line));
  shapes.add(star);
  first.remove();
  expect(shapes.names).toEqual(['circle', 'line', 'star']);
  second.remove();
  second.remove();
  expect(shapes.names).toEqual(['circle', 'star']);
});

it('removes what was added before a failure', () => {
  const shapes = new Registry('shape', [{ name: 'circle' }]);
  const additions = new Additions();
  const work = () => {
    shapes.add({ name: 'line' });
    shapes.add({ name: 'circle' });
  };
  expect(() => additions.collect(work)).toThrow('two shape entries');
  additions.remove();
  expect(shapes.names).toEqual(['circle']);
});
