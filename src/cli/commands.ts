import type { Command } from 'commander';
import { UsageError } from '../domain/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * Gives a command its arguments, options, help and action.
 * @param defineOthers does the same to all other commands
 */
export type DefineCommand = (command: Command, terminal: Terminal, defineOthers: () => Promise<void>) => void;

interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** Most of the program is needed by few of its commands: each is loaded when it is typed. */
  readonly load: () => Promise<DefineCommand>;
}

/** All commands by heading, in the order of use. */
const COMMANDS: Readonly<Record<string, readonly CommandEntry[]>> = {
  'A campaign, in the order of use:': [
    {
      name: 'init',
      description: 'Start a campaign: write a commented winnow.yaml.',
      load: async () => (await import('./commands/init.ts')).defineInit,
    },
    {
      name: 'next',
      description: 'Do the next step of a campaign.',
      load: async () => (await import('./commands/next.ts')).defineNext,
    },
    {
      name: 'run',
      description: 'Run steps until people are needed, the budget is used up or a stopping rule applies.',
      load: async () => (await import('./commands/next.ts')).defineRun,
    },
    {
      name: 'add',
      description: 'Add files to the pool of a campaign; of a growing log only what is new.',
      load: async () => (await import('./commands/add.ts')).defineAdd,
    },
    {
      name: 'status',
      description: 'Show what happened, what it cost and what to do next.',
      load: async () => (await import('./commands/status.ts')).defineStatus,
    },
    {
      name: 'annotate',
      description: 'Label the selected instructions in a browser.',
      load: async () => (await import('./commands/annotate.ts')).defineAnnotate,
    },
    {
      name: 'report',
      description: 'Write a page that shows what the campaign did, for reviewers.',
      load: async () => (await import('./commands/report.ts')).defineReport,
    },
    {
      name: 'export',
      description: 'Write tasks for annotators, or training data.',
      load: async () => (await import('./commands/export.ts')).defineExport,
    },
    {
      name: 'import',
      description: 'Import labels from an annotation tool.',
      load: async () => (await import('./commands/import.ts')).defineImport,
    },
  ],
  'A single selection:': [
    {
      name: 'inspect',
      description: 'Show what is read from files, without spending anything.',
      load: async () => (await import('./commands/inspect.ts')).defineInspect,
    },
    {
      name: 'pick',
      description: 'Pick the instructions of a pool that are most worth a person’s time to annotate.',
      load: async () => (await import('./commands/pick.ts')).definePick,
    },
    {
      name: 'plan',
      description: 'Show what "pick" would do and cost with the same options, without spending anything.',
      load: async () => (await import('./commands/pick.ts')).definePlan,
    },
    {
      name: 'score',
      description: 'Let a judge score every record of a pool, and show the distribution of the scores.',
      load: async () => (await import('./commands/score.ts')).defineScore,
    },
  ],
  'Repairs:': [
    {
      name: 'recover',
      description: 'Save what can be read of a damaged state file in a new one.',
      load: async () => (await import('./commands/recover.ts')).defineRecover,
    },
  ],
  'Models and servers:': [
    {
      name: 'models',
      description: 'List the models of a provider: context, price, and what they can do.',
      load: async () => (await import('./commands/models.ts')).defineModels,
    },
    {
      name: 'demo',
      description: 'Run a whole campaign on the pool that ships with winnow, to see how it goes.',
      load: async () => (await import('./commands/demo.ts')).defineDemo,
    },
    {
      name: 'doctor',
      description: 'Try one small request of each kind, and show what will and will not work.',
      load: async () => (await import('./commands/doctor.ts')).defineDoctor,
    },
  ],
  'A cluster:': [
    {
      name: 'worker',
      description: 'Run shards of work for other machines, until Ctrl-C.',
      load: async () => (await import('./commands/worker.ts')).defineWorker,
    },
    {
      name: 'engine',
      description: 'Show the workers of a cluster and what is queued.',
      load: async () => (await import('./commands/engine.ts')).defineEngine,
    },
  ],
  'Before you choose a strategy:': [
    {
      name: 'simulate',
      description: 'Replay labeled data as if it were unlabeled, and compare strategies at each budget.',
      load: async () => (await import('./commands/simulate.ts')).defineSimulate,
    },
  ],
  'At the prompt:': [
    {
      name: 'completion',
      description: 'Print a script that completes commands and options in your shell.',
      load: async () => (await import('./commands/completion.ts')).defineCompletion,
    },
  ],
  'Scoring responses:': [
    {
      name: 'scorer',
      description: 'Train and check the scorer that ranks responses without an API key.',
      load: async () => (await import('./commands/scorer.ts')).defineScorer,
    },
  ],
};

/** Adds all commands by name, for the help; the one that is typed is completed before its words are read. */
export function addCommands(program: Command, terminal: Terminal): void {
  for (const [heading, entries] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading);
    for (const { name, description } of entries) program.command(name).description(description);
  }
  program.hook('preSubcommand', async (_, typed) => {
    await complete(typed, terminal);
  });
}

/** Gives all commands their options, for completion and the reference; one that was typed has them already. */
export async function completeCommands(program: Command, terminal: Terminal): Promise<void> {
  for (const command of program.commands) {
    if (command.options.length === 0 && command.commands.length === 0) await complete(command, terminal);
  }
}

async function complete(command: Command, terminal: Terminal): Promise<void> {
  const entry = Object.values(COMMANDS).flatMap((entries) => entries.filter(({ name }) => name === command.name()))[0];
  const define = await entry?.load();
  define?.(command, terminal, () => completeCommands(command.parent!, terminal));
}

/**
 * Takes `--plugin <module>` out of the words, wherever it stands before `--`.
 * @throws UsageError where no module follows
 */
export function takePlugins(words: readonly string[]): { readonly sources: string[]; readonly words: string[] } {
  const sources: string[] = [];
  const rest: string[] = [];
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  for (let at = 0; at < end; at += 1) {
    const word = words[at]!;
    if (word !== '--plugin' && !word.startsWith('--plugin=')) {
      rest.push(word);
      continue;
    }
    if (word === '--plugin') at += 1;
    const source = word === '--plugin' ? words[at] : word.slice('--plugin='.length);
    if (source === undefined || source === '' || at >= end) {
      throw new UsageError('--plugin needs a module.', 'Name a file, such as --plugin ./mine.js, or a package.');
    }
    sources.push(source);
  }
  return { sources, words: [...rest, ...words.slice(end)] };
}

/** "help status" as "status --help", which completes the command first. */
export function withHelpAsOption([first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [];
  return first === 'help' ? [...rest, '--help'] : [first, ...rest];
}
