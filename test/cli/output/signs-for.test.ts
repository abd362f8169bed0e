import { describe, expect, it } from 'vitest';
import { signsFor } from '../../../src/cli/output/colors.ts';
import { textWidth } from '../../../src/cli/output/text-width.ts';

const DRAWN = '│┤└┬─ █▉▊▋▌▍▎▏▒░ ⡇⣿ ●■▲◆★▼○□△◇☆▽ ◂↓†± – − … → ≥ × ’';

describe('signs', () => {
  it.each([{}, { LANG: 'C.UTF-8' }, { LANG: 'C', LC_ALL: 'de_DE.utf8' }, { LC_ALL: '', LANG: 'en_US.UTF-8' }])(
    'are what they are where the locale is %o',
    (environment) => {
      expect(signsFor(environment)(DRAWN)).toBe(DRAWN);
    },
  );

  it.each([{ LC_ALL: 'C' }, { LANG: 'POSIX' }, { LC_CTYPE: 'en_US.ISO-8859-1', LANG: 'en_US.UTF-8' }])(
    'are ASCII where the locale is %o, each as wide as before',
    (environment) => {
      const plain = signsFor(environment)(DRAWN);
      expect(plain).toMatch(/^[ -~]*$/);
      expect(plain).toHaveLength(textWidth(DRAWN));
    },
  );

  it('leave the text of others alone', () => {
    expect(signsFor({ LC_ALL: 'C' })('Größe 日本')).toBe('Größe 日本');
  });
});
