import { type ChildProcess, fork } from 'node:child_process';
import { RefusedShardError, type ShardJob } from '../engine/engine.ts';
import type { ShardAnswer } from './worker-child.ts';

/** What a child needs of the environment. It gets no key. */
const PASSED_ON = /^(?:PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|SYSTEMROOT|LD_LIBRARY_PATH|NODE_OPTIONS|NO_COLOR)$/i;

/**
 * Processes that run shards, so that the worker itself is never busy, and a shard that takes its process down, by memory or
 * a crash, fails alone. A process is started when a shard needs it, and used again.
 */
export class WorkerChildren {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();

  constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#environment = Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name)));
  }

  /** @throws RefusedShardError; Error with the reason */
  async run(job: ShardJob): Promise<void> {
    const child = this.#idle.pop() ?? this.#start();
    const { ended, reason = '' } = await answerOf(child, job);
    if (child.connected) this.#idle.push(child);
    if (ended === 'refused') throw new RefusedShardError(reason);
    if (ended === 'failed') throw new Error(reason);
  }

  /** Ends all, in the middle of a shard too. */
  close(): void {
    for (const child of this.#all) child.kill('SIGKILL');
  }

  #start(): ChildProcess {
    const isTypeScript = import.meta.url.endsWith('.ts');
    const module = new URL(`./worker-child${isTypeScript ? '.ts' : '.js'}`, import.meta.url);
    const child = fork(module, [this.#folder], {
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#all.add(child);
    child.on('exit', () => {
      this.#all.delete(child);
      const at = this.#idle.indexOf(child);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    return child;
  }
}

function answerOf(child: ChildProcess, job: ShardJob): Promise<ShardAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: ShardAnswer) => {
      child.off('message', settle).off('exit', onExit).off('error', onError);
      resolve(answer);
    };
    const onExit = (code: number | null, signal: string | null) =>
      settle({ ended: 'failed', reason: `its process ended in the middle (${signal ?? `exit code ${code}`})` });
    const onError = (error: Error) => settle({ ended: 'failed', reason: error.message });
    child.on('message', settle).on('exit', onExit).on('error', onError);
    child.send(job);
  });
}
