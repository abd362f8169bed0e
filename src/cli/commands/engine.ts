import type { Command } from 'commander';
import { engineAddress } from '../../engine/engine-address.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { renderEngineStatus } from '../output/render-engine-status.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';

const EXAMPLES = `
Examples:
  $ winnow engine status --engine redis://host:6379
      List workers, queued shards and failures.
  $ winnow engine status --engine redis://host:6379 --json
      The same for scripts.

The password of the server is read from WINNOW_ENGINE_PASSWORD.
`;

interface StatusFlags {
  readonly engine: string;
  readonly json?: boolean;
}

/** `winnow engine status`. */
export function defineEngine(engine: Command, terminal: Terminal): void {
  engine
    .command('status')
    .description('Show the workers of a cluster, its queue and failed shards.')
    .requiredOption('--engine <address>', 'the Redis server: redis://host:6379')
    .option('--json', 'print the same as one JSON document on standard output')
    .option('-v, --verbose', 'show stack traces')
    .addHelpText('after', EXAMPLES)
    .action((flags: StatusFlags) => showStatus(flags, terminal));
}

async function showStatus({ engine, json }: StatusFlags, terminal: Terminal): Promise<void> {
  const { engineStatus } = await import('../../engine/engine-status.ts');
  const status = await engineStatus(engineAddress(engine, terminal.environment.WINNOW_ENGINE_PASSWORD), WINNOW_VERSION);
  if (json) printJson(terminal, status);
  else print(terminal, terminal.stdout, renderEngineStatus(status, terminal.width));
}
