import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/campaign/config/load-config.ts';
import { type PickOptions, type Plugin, pick, type Strategy } from '../../src/index.ts';
import { loadPlugins } from '../../src/plugins/load-plugins.ts';
import { pluginIdentity, usePlugins } from '../../src/plugins/plugin.ts';
import { randomStrategy } from '../../src/selection/strategies/random.ts';
import { STRATEGIES } from '../../src/selection/strategies/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const pool = [{ instruction: 'One?' }, { instruction: 'Two?' }, { instruction: 'Three?' }];
const base: PickOptions = { pool, count: 2, state: ':memory:', dedupeThreshold: 0, cacheFolder: folder.file('cache') };

/** A strategy that picks as `random` does, under another name. */
const named = (name: string, change: Partial<Strategy> = {}): Strategy => ({ ...randomStrategy, name, ...change });

describe('a plugin', () => {
  it('brings its strategies, and is part of what the run is known by', async () => {
    const plugin: Plugin = { name: 'mine', version: '1.2.0', strategies: [named('mine-random')] };
    const { picks, summary } = await pick({ ...base, plugins: [plugin], strategy: 'mine-random' });
    expect(picks).toHaveLength(2);
    expect(summary.identity).toMatchObject({ strategy: 'mine-random', plugins: 'mine 1.2.0' });
    const without = await pick({ ...base, strategy: 'random' });
    expect(without.summary.identity).not.toHaveProperty('plugins');
  });

  it('of another version is another run', async () => {
    const state = folder.file('versions.db');
    const strategy = named('versioned');
    const run = (version: string) =>
      pick({ ...base, state, strategy, plugins: [{ name: 'v', version, strategies: [strategy] }] });
    await run('1.0.0');
    expect((await run('1.0.0')).summary.resumed).toBe(true);
    await expect(run('1.0.1')).rejects.toMatchObject({ code: 'STATE_MISMATCH' });
  });

  it('is known to the run that it was given to, not to the next one', async () => {
    const plugin: Plugin = { name: 'passing', version: '1', strategies: [named('passing')] };
    const run = { ...base, plugins: [plugin], strategy: 'passing' };
    await pick(run);
    await expect(pick({ ...base, strategy: 'passing' })).rejects.toThrow('There is no strategy "passing".');
    await expect(pick({ ...run, count: 0 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(pick({ ...run, pool: 'no-such-file.jsonl' })).rejects.toMatchObject({ code: 'POOL' });
    await pick({ ...base, strategy: named('object') });
    expect(STRATEGIES.names).not.toEqual(expect.arrayContaining(['passing']));
    expect(STRATEGIES.names).not.toEqual(expect.arrayContaining(['object']));
    // Another object of the same name is no conflict then.
    await pick({ ...run, plugins: [{ ...plugin, strategies: [named('passing')] }] });
  });

  it('stays known while another run that it was given to has not ended', async () => {
    const plugin: Plugin = { name: 'shared', version: '1', strategies: [named('shared')] };
    const run = { ...base, plugins: [plugin], strategy: 'shared' };
    const results = await Promise.all([pick({ ...run, count: 1 }), pick(run), pick({ ...run, count: 3 })]);
    expect(results.map(({ picks }) => picks.length)).toEqual([1, 2, 3]);
    expect(STRATEGIES.has('shared')).toBe(false);
  });

  it.each([
    [{ version: '1' }, 'A plugin has no name.'],
    [{ name: 'a' }, 'A plugin has no version.'],
    [{ name: 'a', version: '1', strategy: [] }, 'The plugin "a" has an unknown list "strategy".'],
    [{ name: 'a', version: '1', strategies: {} }, 'strategies of the plugin "a" is not a list.'],
    [{ name: 'a', version: '1', strategies: [{}] }, 'One of the strategies of the plugin "a" has no name.'],
    [{ name: 'a', version: '1', judges: [{ name: 'j' }] }, '"j" of the plugin "a" has no function judges.'],
  ])('that is not one is refused: %j', (plugin, message) => {
    expect(() => usePlugins([plugin as unknown as Plugin])).toThrow(message);
  });

  it('cannot take the name of another', () => {
    const plugin: Plugin = { name: 'taker', version: '1', strategies: [named('random')] };
    expect(() => usePlugins([plugin])).toThrow('There are two strategy entries named "random".');
  });

  it('is known by name and version, in order', () => {
    const plugins = usePlugins([
      { name: 'b', version: '2' },
      { name: 'a', version: '1' },
    ]);
    expect(pluginIdentity(plugins)).toEqual({ plugins: 'a 1, b 2' });
    expect(pluginIdentity([])).toEqual({});
  });
});

describe('an object in place of a name', () => {
  it('is used as it is', async () => {
    const { summary } = await pick({ ...base, strategy: named('given-itself') });
    expect(summary.identity.strategy).toBe('given-itself');
    expect(STRATEGIES.has('given-itself')).toBe(false);
  });

  it.each([
    ['too many', { strategies: 3 }, '3 picks, but 2 were asked for'],
    ['the same twice', { strategies: 2, position: 0 }, 'pick 2 is position 0, which is taken already'],
    ['one outside the pool', { strategies: 2, position: 3 }, 'pick 1 is position 3, which the pool does not have'],
    ['ranks that are wrong', { strategies: 2, rank: 7 }, 'pick 1 has rank 7, not 1'],
    ['no cost', { strategies: 2, costMicroUsd: undefined }, 'pick 1 has no costMicroUsd'],
    ['no score', { strategies: 2, score: undefined }, 'pick 1 has no score; null says that there is none'],
  ])('whose picks are wrong is named: %s', async (what, { strategies: number, ...change }, problem) => {
    const name = `wrong-${what.replaceAll(' ', '-')}`;
    const strategy = named(name, {
      prepare: async (context) => ({
        plan: { notes: [] },
        select: async () => {
          const { select } = await randomStrategy.prepare({ ...context, count: number });
          const { picks } = await select();
          return { picks: picks.map((pick) => ({ ...pick, ...(change as object) })) };
        },
      }),
    });
    await expect(pick({ ...base, strategy })).rejects.toThrow(
      `The strategy "${name}" made an invalid selection: ${problem}.`,
    );
  });

  it('and a name that is misspelled is an error in plain JavaScript too', async () => {
    const wrong = { ...base, startegy: 'random' } as PickOptions;
    await expect(pick(wrong)).rejects.toMatchObject({
      message: 'There is no option startegy.',
      hint: 'Did you mean strategy?',
    });
  });
});

describe('a plugin in a file', () => {
  const write = (name: string, text: string) => {
    writeFileSync(folder.file(name), text);
    return `./${name}`;
  };

  it('is loaded from a path', async () => {
    const path = write('empty.mjs', "export default { name: 'empty', version: '1' };");
    expect(await loadPlugins([path], folder.path)).toMatchObject([{ name: 'empty', version: '1' }]);
  });

  it('is loaded from a package', async () => {
    const inside = folder.file('node_modules/winnow-plugin-empty');
    mkdirSync(inside, { recursive: true });
    writeFileSync(`${inside}/package.json`, '{"name":"winnow-plugin-empty","type":"module","exports":"./main.js"}');
    writeFileSync(`${inside}/main.js`, "export default { name: 'packed', version: '3' };");
    expect(await loadPlugins(['winnow-plugin-empty'], folder.path)).toMatchObject([{ name: 'packed' }]);
  });

  it.each([
    ['missing.mjs', undefined, 'There is no plugin ./missing.mjs.'],
    ['broken.mjs', 'export default {', 'The plugin ./broken.mjs cannot be loaded: '],
    ['throws.mjs', "throw new Error('no licence.');", 'The plugin ./throws.mjs cannot be loaded: no licence.'],
    ['nothing.mjs', 'export const name = 1;', './nothing.mjs exports no plugin.'],
  ])('that cannot be used is named: %s', async (name, text, message) => {
    if (text !== undefined) write(name, text);
    await expect(loadPlugins([`./${name}`], folder.path)).rejects.toThrow(message);
  });

  it('is named in winnow.yaml, whose rest may name what it brings', async () => {
    write(
      'formats.mjs',
      "export default { name: 'formats', version: '1', bridges: [{ name: 'own-tool', summary: 's', extension: '.jsonl', setup: '', encode: () => '', detect: () => false, decode: () => ({ annotations: [], untouched: [], foreign: [] }) }] };",
    );
    write('winnow.yaml', 'plugins: [./formats.mjs]\npool: { files: [a.jsonl] }\nlabels: { tool: own-tool }\n');
    const { config } = await loadConfig(folder.path);
    expect(config.labels.tool).toBe('own-tool');
    expect(config.plugins).toEqual(['./formats.mjs']);
  });
});
