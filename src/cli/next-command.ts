import type { CampaignStatus } from '../campaign/status.ts';

const PLAIN_NAME = /^[\w./~-]+$/;

/** The next command to type in the folder this one was typed in. @param folder as the user named it */
export function nextCommand(
  { command: { line, because } }: Pick<CampaignStatus, 'command'>,
  folder: string,
): CampaignStatus['command'] {
  if (folder === '.') return { line, because };
  const name = PLAIN_NAME.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return { line: line.replace(/^winnow \S+/, (command) => `${command} -C ${name}`), because };
}
