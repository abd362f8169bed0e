import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/domain/errors.ts';
import { WinnowError } from '../../src/domain/winnow-error.ts';
import { command, librarySpelling, option, type Reference, sentence, spellWording } from '../../src/domain/wording.ts';

const flags = ({ kind, name, value, options = [] }: Reference): string =>
  kind === 'command'
    ? ['winnow', name, ...options.map(flags)].join(' ')
    : [`--${name.toLowerCase()}`, ...(value === undefined || value === true ? [] : [value])].join(' ');

describe('a sentence', () => {
  const advice = sentence`Lower ${option('count')}, or set ${option('embedder', 'openai')}: ${3} left. Then ${command('next', option('retry', true))}.`;

  it('is spelled by each face', () => {
    expect(advice.spell(flags)).toBe('Lower --count, or set --embedder openai: 3 left. Then winnow next --retry.');
    expect(advice.spell(librarySpelling)).toBe(
      'Lower count, or set embedder: "openai": 3 left. Then winnow next retry: true.',
    );
  });

  it('takes another sentence in', () => {
    const whole = sentence`Sorry. ${sentence`See ${option('count')}.`}`;
    expect(whole.spell(flags)).toBe('Sorry. See --count.');
  });

  it('may be plain text', () => {
    expect(spellWording('As it is: --count', () => 'never')).toBe('As it is: --count');
  });
});

describe('an error', () => {
  const error = new UsageError(sentence`${option('seed')} must be a whole number.`, sentence`See ${option('count')}.`);

  it('names options as the library does, unless a face spells it', () => {
    expect(error).toMatchObject({ message: 'seed must be a whole number.', hint: 'See count.' });
    expect(error.spelled(flags)).toEqual({ message: '--seed must be a whole number.', hint: 'See --count.' });
  });

  it('carries the option at fault, and what else it is about', () => {
    expect(error.data).toEqual({ option: 'seed' });
    expect(new WinnowError('X', 'It failed.', { data: { file: 'a.csv', line: 3 } }).data).toEqual({
      file: 'a.csv',
      line: 3,
    });
    expect(new WinnowError('X', 'It failed.').spelled(flags)).toEqual({ message: 'It failed.', hint: undefined });
  });
});
