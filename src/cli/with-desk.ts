import { type AnnotationDesk, openDesk } from '../annotate/desk/annotation-desk.ts';
import { asCampaignError } from './spelling.ts';
import type { Terminal } from './terminal.ts';
import { type CampaignFlags, checkFolder } from './with-campaign.ts';

/** Opens the campaign's annotation desk while other commands may run, and closes it again. */
export async function withDesk<T>(
  { environment, clock }: Pick<Terminal, 'environment' | 'clock'>,
  { folder }: Pick<CampaignFlags, 'folder'>,
  use: (desk: AnnotationDesk) => Promise<T>,
): Promise<T> {
  checkFolder(folder);
  try {
    const desk = await openDesk(folder, { environment, clock, cacheFolder: environment.WINNOW_CACHE_DIR });
    try {
      return await use(desk);
    } finally {
      await desk.close();
    }
  } catch (error) {
    throw asCampaignError(error);
  }
}
