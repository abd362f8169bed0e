import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { engineAddress } from '../../engine/engine-address.ts';
import { ENGINE_FOLDER } from '../../runs/late-engine.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { print } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { WorkerChildren } from '../worker-children.ts';
import { whole } from './option-values.ts';

const EXAMPLES = `
Examples:
  $ winnow worker --engine redis://host:6379 --engine-folder /mnt/shared/winnow
      Run shards for every winnow that names this server, until Ctrl-C.
  $ winnow worker --engine redis://host:6379 --engine-folder /mnt/shared/winnow --concurrency 4
      Four at once, each in a process of its own.

The password of the server is read from WINNOW_ENGINE_PASSWORD. A worker needs no other key.

Exit codes: 0 stopped by Ctrl-C or SIGTERM, after the open shards; 1 an error, or refused: another version of winnow or
other weights than the coordinator's; 2 wrong usage.
`;

interface WorkerFlags {
  readonly engine: string;
  readonly engineFolder: string;
  readonly concurrency: number;
}

/** `winnow worker`. */
export function defineWorker(command: Command, terminal: Terminal): void {
  command
    .requiredOption('--engine <address>', 'the Redis server: redis://host:6379')
    .option('--engine-folder <folder>', 'folder that all machines share', ENGINE_FOLDER)
    .option('--concurrency <n>', 'shards at once; one already uses all cores', whole(1), 1)
    .option('-v, --verbose', 'show stack traces')
    .addHelpText('after', EXAMPLES)
    .action((flags: WorkerFlags) => runWorker(flags, terminal));
}

async function runWorker({ engine, engineFolder, concurrency }: WorkerFlags, terminal: Terminal): Promise<void> {
  const address = engineAddress(engine, terminal.environment.WINNOW_ENGINE_PASSWORD);
  const path = resolve(engineFolder);
  await mkdir(path, { recursive: true });
  const [{ runRedisWorker }, { SharedFolder }] = await Promise.all([
    import('../../engine/redis-worker.ts'),
    import('../../engine/shared-folder.ts'),
  ]);
  const children = new WorkerChildren(path, terminal.environment);
  const say = (line: string) => print(terminal, terminal.stderr, `${line}\n`);
  const interrupts = terminal.listenForInterrupts(() => undefined, {
    stopping: 'Stopping after the open shards. Press Ctrl-C again to leave them to other workers.\n',
    abandoning: 'Leaving the open shards to other workers.\n',
  });
  const { signal, abandon } = interrupts.signals;
  abandon.addEventListener('abort', () => children.close());
  try {
    await runRedisWorker({
      ...{ address, concurrency, signal },
      folder: new SharedFolder(path),
      version: WINNOW_VERSION,
      run: (job) => children.run(job),
      clock: terminal.clock,
      onEvent: (event) => {
        if (event.kind === 'ready') say(`Ready for shards from ${event.address}, ${concurrency} at once.`);
        else if (event.kind === 'done') say(`Done: ${event.shard}.`);
        else say(`Failed: ${event.shard}: ${event.reason}.`);
      },
    });
  } finally {
    interrupts.close();
    children.close();
  }
}
