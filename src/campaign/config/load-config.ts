import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ConfigError } from '../../domain/errors.ts';
import type { Additions } from '../../domain/registry.ts';
import { command, sentence } from '../../domain/wording.ts';
import { loadPlugins } from '../../plugins/load-plugins.ts';
import type { PluginIdentity } from '../../plugins/plugin.ts';
import { CURRENT_DEFAULTS, campaignDefaults } from '../../store/campaign-defaults.ts';
import { type CampaignConfig, campaignConfigSchema } from './campaign-config.ts';
import type { ConfigIssue } from './config-issue.ts';
import { describeIssues } from './describe-issues.ts';
import { withDefaultStrategy, withEarlierDefaults } from './earlier-defaults.ts';
import { readYaml } from './read-yaml.ts';

export const CONFIG_FILE = 'winnow.yaml';
/** The campaign's state, beside its winnow.yaml. */
export const STATE_FILE = 'winnow.db';

export interface LoadedConfig {
  readonly config: CampaignConfig;
  /** Of the file, as far as it was given: relative to the working folder unless absolute. */
  readonly path: string;
  /** The file as it was read. */
  readonly text: string;
  /** What its plugins are known by. */
  readonly plugins: readonly PluginIdentity[];
}

const MOST_ISSUES = 10;

/**
 * Reads the configuration of a campaign: a folder's winnow.yaml, or the file itself. Paths in it stay as written.
 * A campaign keeps the defaults that it began with.
 * @param additions notes what its plugins add, to be removed later. Absent: they are known for good
 * @throws ConfigError naming every line that is wrong and what is allowed there; or that there is no such file
 */
export async function loadConfig(folderOrFile: string, additions?: Additions): Promise<LoadedConfig> {
  const path = await findConfig(folderOrFile);
  const text = decode(await readFile(path).catch((error: unknown) => Promise.reject(readFailure(path, error))), path);
  const plugins = await loadPlugins(pluginsOf(text), resolve(dirname(path)), additions);
  const config = parseConfig(text, path, campaignDefaults(resolve(dirname(path), STATE_FILE)));
  return { config, path, text, plugins: plugins.map(({ name, version }) => ({ name, version })) };
}

/** Before the rest is checked: plugins bring names that the rest may use. */
function pluginsOf(text: string): string[] {
  const file = readYaml(text);
  const named = 'issues' in file ? [] : file.value.plugins;
  return Array.isArray(named) ? named.filter((one) => typeof one === 'string' && one !== '') : [];
}

/**
 * Pure.
 * @param name of the file, for messages
 * @param defaults the number of the set of defaults that the campaign began with
 * @throws ConfigError, one line a problem in the order of the file, at most ten
 */
export function parseConfig(text: string, name: string, defaults = CURRENT_DEFAULTS): CampaignConfig {
  const file = readYaml(text);
  if ('issues' in file) throw configError(file.issues, name);
  const parsed = campaignConfigSchema().safeParse(withDefaultStrategy(withEarlierDefaults(file.value, defaults)));
  if (parsed.success) return parsed.data;
  throw configError(describeIssues(parsed.error.issues, file), name);
}

function configError(issues: readonly ConfigIssue[], name: string): ConfigError {
  const inOrder = issues.toSorted((a, b) => a.line - b.line);
  const lines = inOrder
    .slice(0, MOST_ISSUES)
    .map(({ line, message }) => `${name}:${line}: ${message}${/[.?]$/.test(message) ? '' : '.'}`);
  if (issues.length > MOST_ISSUES) lines.push(`… and ${issues.length - MOST_ISSUES} more.`);
  return new ConfigError(lines.join('\n'), { data: { file: name, line: inOrder[0]!.line } });
}

async function findConfig(folderOrFile: string): Promise<string> {
  const found = await stat(folderOrFile).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw readFailure(folderOrFile, error);
  });
  if (found?.isDirectory()) return join(folderOrFile, CONFIG_FILE);
  if (found || ['.yaml', '.yml'].includes(extname(folderOrFile))) return folderOrFile;
  throw new ConfigError(`There is no folder ${folderOrFile}.`, {
    hint: sentence`Check the path, or create a campaign with ${command('init')}.`,
  });
}

function readFailure(path: string, error: unknown): ConfigError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const folder = dirname(path) === '.' ? 'this folder' : dirname(path);
    return new ConfigError(`There is no ${basename(path)} in ${folder}.`, {
      hint: sentence`Create one with ${command('init')}, or go to the folder of the campaign.`,
      cause: error,
    });
  }
  const why =
    code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code === 'EISDIR' ? 'it is a folder' : message;
  return new ConfigError(`${path} cannot be read: ${why}.`, {
    hint: 'Check the file and its permissions.',
    cause: error,
  });
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new ConfigError(`${path} is not valid UTF-8.`, { hint: 'Save it as UTF-8 in your editor.', cause: error });
  }
}
