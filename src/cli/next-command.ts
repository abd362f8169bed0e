import type { CampaignStatus } from '../campaign/status.ts';

const PLAIN_NAME = /^[\w./~-]+$/;

/** A command as it is to be typed in the folder this one was typed in. @param folder as the user named it */
export function commandIn(folder: string, line: string): string {
  if (folder === '.') return line;
  const name = PLAIN_NAME.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return line.replace(/^winnow \S+/, (command) => `${command} -C ${name}`);
}

/** The next command to type in the folder this one was typed in. @param folder as the user named it */
export function nextCommand(
  { command: { line, because } }: Pick<CampaignStatus, 'command'>,
  folder: string,
): CampaignStatus['command'] {
  return { line: commandIn(folder, line), because };
}
