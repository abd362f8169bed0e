import type { CampaignStatus, CommandToType } from '../campaign/status.ts';

const PLAIN_NAME = /^[\w./~-]+$/;

/** A command as it is to be typed in the folder this one was typed in. @param folder as the user named it */
export function commandIn(folder: string, line: string): string {
  if (folder === '.') return line;
  const name = PLAIN_NAME.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return line.replace(/^winnow \S+/, (command) => `${command} -C ${name}`);
}

type Commands = Pick<CampaignStatus, 'command' | 'alternatives'>;

/** The next command to type in the folder this one was typed in, and those in its place. @param folder as the user named it */
export function nextCommands({ command, alternatives }: Commands, folder: string): Commands {
  const here = ({ line, because }: CommandToType) => ({ line: commandIn(folder, line), because });
  return { command: here(command), alternatives: alternatives.map(here) };
}

/** The next command alone. @param folder as the user named it */
export function nextCommand(status: Commands, folder: string): CommandToType {
  return nextCommands(status, folder).command;
}
