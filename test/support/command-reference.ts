import { completeCommands } from '../../src/cli/commands.ts';
import { type DescribedCommand, type DescribedOption, describeCommand } from '../../src/cli/described-command.ts';
import { createProgram } from '../../src/cli/program.ts';
import { processTerminal } from '../../src/cli/terminal.ts';
import { systemClock } from '../../src/domain/clock.ts';

/** The program with every command, argument and option. */
async function wholeProgram(): Promise<DescribedCommand> {
  const terminal = processTerminal(systemClock);
  const program = createProgram(terminal, (bare) => bare);
  await completeCommands(program, terminal);
  return describeCommand(program);
}

/** Every command with its arguments and options, as Markdown. */
export async function commandReference(): Promise<string> {
  const sections = runnable(await wholeProgram()).map(({ name, description, options, ...command }) => {
    const usage = [
      'winnow',
      name,
      ...(options.length > 0 ? ['[options]'] : []),
      ...command.arguments.map(({ term }) => term),
    ];
    const rows = [
      ...command.arguments.map((argument) => row(argument.term, argument.description)),
      ...options.map((option) => row(option.flags, described(option))),
    ];
    return `### winnow ${name}\n\n${description}\n\n\`${usage.join(' ')}\`\n\n| | |\n|---|---|\n${rows.join('')}`;
  });
  return `${sections.join('\n')}`;
}

/** The man page, as roff. */
export async function manPage(version: string): Promise<string> {
  const program = await wholeProgram();
  const sections = runnable(program).map(({ name, description, options, ...command }) => {
    const terms = command.arguments.map(({ term }) => term).join(' ');
    const entries = [
      ...command.arguments.map((argument) => entry(argument.term, argument.description)),
      ...options.map((option) => entry(option.flags, described(option))),
    ];
    return `.SS "winnow ${name} ${roff(terms).replaceAll('"', '\\(dq')}"\n${roff(description)}\n${entries.join('')}`;
  });
  return `.TH WINNOW 1 "" "winnow ${version}"
.SH NAME
winnow \\- decides which unlabeled instructions are worth a person's time to annotate
.SH SYNOPSIS
.B winnow
.I command
[options]
.SH COMMANDS
${sections.join('')}.SH EXIT STATUS
0 done; 1 an error, or fewer picked than asked for; 2 wrong usage; 3 stopped by a budget, not confirmed, or waiting for
people or a batch; 130 interrupted.
`;
}

function runnable(command: DescribedCommand): DescribedCommand[] {
  const below = command.commands.flatMap(runnable);
  return command.name === '' || command.commands.length > 0 ? below : [command, ...below];
}

function described({ description, choices, default: usual, isRequired }: DescribedOption): string {
  const notes = [
    ...(choices.length > 0 ? [`one of ${choices.join(', ')}`] : []),
    ...(usual === undefined || usual === '' ? [] : [`default: ${usual}`]),
    ...(isRequired ? ['required'] : []),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

function row(term: string, meaning: string): string {
  return `| \`${term.replaceAll('|', '\\|')}\` | ${meaning.replaceAll('|', '\\|').replace(/<(?=\w)/g, '&lt;')} |\n`;
}

function entry(term: string, meaning: string): string {
  return `.TP\n.B ${roff(term)}\n${roff(meaning)}\n`;
}

function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}
