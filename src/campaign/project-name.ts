import { basename } from 'node:path';

/** Titles of Label Studio have fifty at most. */
const MOST_FOLDER_CHARACTERS = 32;
const KEY_CHARACTERS = 6;

/**
 * What a campaign's project or dataset is called where nobody named it. Two campaigns may have folders of one name and
 * items numbered alike: in one project their labels would be mixed up.
 */
export function projectName(folder: string, campaignKey: string): string {
  const name = basename(folder).slice(0, MOST_FOLDER_CHARACTERS).toWellFormed();
  return `winnow ${name} ${campaignKey.slice(0, KEY_CHARACTERS)}`;
}
