import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../domain/errors.ts';
import type { Additions } from '../domain/registry.ts';
import { type Plugin, usePlugins } from './plugin.ts';

/**
 * Imports plugins and adds their objects to the registries. A plugin is the default export of a module: a file, by a
 * path, or a package that is installed where winnow is used.
 * @param sources as the user gave them @param folder absolute: paths and packages are looked for from here
 * @param additions notes what is added, to be removed later. Absent: the plugins are known for good
 * @throws UsageError for a module that cannot be loaded, or that exports no plugin
 */
export async function loadPlugins(
  sources: readonly string[],
  folder: string,
  additions?: Additions,
): Promise<readonly Plugin[]> {
  const plugins: Plugin[] = [];
  for (const source of sources) plugins.push(await loadPlugin(source, folder));
  if (additions === undefined) usePlugins(plugins);
  else additions.collect(() => usePlugins(plugins));
  return plugins;
}

async function loadPlugin(source: string, folder: string): Promise<Plugin> {
  const path = await locate(source, folder);
  const loaded = await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw new UsageError(`The plugin ${source} cannot be loaded: ${reasonOf(error, path)}.`, hintFor(error, path));
  });
  const { default: plugin } = loaded as { readonly default?: Plugin };
  if (typeof plugin !== 'object' || plugin === null) {
    throw new UsageError(`${source} exports no plugin.`, 'Make the plugin the default export of the module.');
  }
  return plugin;
}

async function locate(source: string, folder: string): Promise<string> {
  const path = resolve(folder, source);
  const isFile = await access(path).then(
    () => true,
    () => false,
  );
  if (isFile) return path;
  if (/^[./\\]|^[a-z]:/i.test(source)) throw notThere(source);
  try {
    return createRequire(join(folder, 'winnow.yaml')).resolve(source);
  } catch {
    throw notThere(source);
  }
}

function notThere(source: string): UsageError {
  return new UsageError(`There is no plugin ${source}.`, 'Check the path, or install the package.');
}

function reasonOf(error: unknown, path: string): string {
  if (isTypeScriptFailure(error, path)) return 'this Node does not run TypeScript';
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}

function hintFor(error: unknown, path: string): string {
  return isTypeScriptFailure(error, path)
    ? 'Use Node 22.18 or later, or compile it to JavaScript.'
    : 'Check that it runs by itself: node <file>.';
}

function isTypeScriptFailure(error: unknown, path: string): boolean {
  const { code } = error as { code?: string };
  return /\.m?ts$/.test(path) && code === 'ERR_UNKNOWN_FILE_EXTENSION';
}
