import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the dark theme has the same colors, whether the system or the person chose it', () => {
  const css = readFileSync(new URL('../../../src/annotate/page/theme.css', import.meta.url), 'utf8');
  const colorsOf = (selector: string) => {
    const [, block] = css.split(`${selector} {`);
    return [...block!.slice(0, block!.indexOf('}')).matchAll(/--[\w-]+: [^;]+/g)].map(([line]) => line);
  };
  const bySystem = colorsOf(':root:not([data-theme="light"])');
  expect(bySystem.length).toBeGreaterThan(5);
  expect(colorsOf(':root[data-theme="dark"]')).toEqual(bySystem);
});
