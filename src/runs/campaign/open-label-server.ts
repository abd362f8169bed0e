import { projectName } from '../../campaign/project-name.ts';
import type { LabelServer } from '../../labels/http/label-server.ts';
import { seededRandom } from '../../math/random.ts';
import type { CampaignToolsOptions } from './campaign-tools-options.ts';

/** Opens the annotation tool of winnow.yaml; undefined where none is talked to over HTTP. */
export async function openLabelServer({
  config,
  folder,
  state,
  environment,
  clock,
  fetch = globalThis.fetch,
}: Omit<CampaignToolsOptions, 'cacheFolder' | 'signal' | 'abandon'>): Promise<LabelServer | undefined> {
  const { tool, url, project, workspace, annotators } = config.labels;
  if (url === undefined) return undefined;
  const random = seededRandom(config.seed, 'label-server');
  const common = { url, clock, random, annotators, fetch, timeoutMs: config.requests.timeoutSeconds * 1000 };
  const name = project ?? projectName(folder, state.key);
  // Only the one that is used is loaded.
  if (tool === 'argilla') {
    const { argillaServer } = await import('../../labels/http/argilla-server.ts');
    const keySource = 'ARGILLA_API_KEY';
    return argillaServer({
      ...common,
      keySource,
      apiKey: environment[keySource] ?? '',
      dataset: String(name),
      workspace,
    });
  }
  const { labelStudioServer } = await import('../../labels/http/label-studio-server.ts');
  const keySource = 'LABEL_STUDIO_API_KEY';
  return labelStudioServer({ ...common, keySource, apiKey: environment[keySource] ?? '', project: name });
}
