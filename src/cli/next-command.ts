import type { CampaignStatus } from '../campaign/status.ts';
import { type Reference, type Spelling, sentence, spellWording } from '../domain/wording.ts';
import { flagSpelling } from './spelling.ts';

/** A command as it is typed. */
export interface TypedCommand {
  readonly line: string;
  /** Why, or what it does. */
  readonly because: string;
}

export interface NextCommands {
  readonly command: TypedCommand;
  readonly alternatives: readonly TypedCommand[];
}

const PLAIN_NAME = /^[\w./~-]+$/;

/** A command as it is typed in the current folder. @param folder of the campaign, as the user named it */
export function commandIn(folder: string, command: Reference): string {
  return sentence`${command}`.spell(spellingIn(folder));
}

/** The next command to type in the current folder, and its alternatives. @param folder of the campaign, as the user named it */
export function nextCommands(
  { command, alternatives }: Pick<CampaignStatus, 'command' | 'alternatives'>,
  folder: string,
): NextCommands {
  const spelling = spellingIn(folder);
  const typed = ({ line, because }: CampaignStatus['command']) => ({ line: spellWording(line, spelling), because });
  return { command: typed(command), alternatives: alternatives.map(typed) };
}

/** The next command alone. @param folder of the campaign, as the user named it */
export function nextCommand(status: Pick<CampaignStatus, 'command' | 'alternatives'>, folder: string): TypedCommand {
  return nextCommands(status, folder).command;
}

function spellingIn(folder: string): Spelling {
  if (folder === '.') return flagSpelling;
  const quoted = PLAIN_NAME.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return (reference) =>
    flagSpelling(reference.kind === 'command' ? { ...reference, name: `${reference.name} -C ${quoted}` } : reference);
}
