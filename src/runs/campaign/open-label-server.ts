import { basename } from 'node:path';
import type { LabelServer } from '../../labels/http/label-server.ts';
import { BRIDGES } from '../../labels/registry.ts';
import { seededRandom } from '../../math/random.ts';
import type { CampaignToolsOptions } from './campaign-tools-options.ts';

/** Connects to the annotation tool of winnow.yaml; undefined where it is not used over HTTP. */
export async function openLabelServer({
  config,
  folder,
  state,
  environment,
  clock,
  fetch = globalThis.fetch,
}: Omit<CampaignToolsOptions, 'cacheFolder' | 'signal' | 'abandon'>): Promise<LabelServer | undefined> {
  const { tool, url, annotators } = config.labels;
  const { server } = BRIDGES.find(tool);
  if (url === undefined || server === undefined) return undefined;
  const options = server.options.parse(config.labels);
  const { keyVariable } = server;
  return server.open({
    url,
    apiKey: environment[keyVariable] ?? '',
    keySource: keyVariable,
    fetch,
    clock,
    random: seededRandom(config.seed, 'label-server'),
    timeoutMs: config.requests.timeoutSeconds * 1000,
    annotators,
    options: { project: projectName(folder, state.key), ...definedOnly(options) },
  });
}

function definedOnly(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Label Studio allows fifty characters in a title. */
const MOST_FOLDER_CHARACTERS = 32;
const KEY_CHARACTERS = 6;

/**
 * Names a campaign's project or dataset when winnow.yaml does not. Two campaigns may have folders of the same name and
 * the same item numbers: in one project their labels would be mixed up.
 */
function projectName(folder: string, campaignKey: string): string {
  const name = basename(folder).slice(0, MOST_FOLDER_CHARACTERS).toWellFormed();
  return `winnow ${name} ${campaignKey.slice(0, KEY_CHARACTERS)}`;
}
