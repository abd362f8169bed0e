import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll } from 'vitest';
import { until } from './until.ts';

/** Without it there is no queue. */
export const HAS_REDIS = isInstalled();
if (!HAS_REDIS) process.stdout.write('Tests of clusters are skipped: redis-server is not installed.\n');

export interface RedisServer {
  /** redis://127.0.0.1:port */
  readonly address: string;
  /** Ends it and starts it again, with everything lost. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis server of the calling test file, on a free port, that writes nothing to the disk. @param options as on its command line */
export async function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  let child = await launch(port, options);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    address: `redis://127.0.0.1:${port}`,
    stop,
    restart: async () => {
      await stop();
      child = await launch(port, options);
    },
  };
}

/** The same, ended after the last test of the file. */
export function sharedRedis(options: readonly string[] = []): Promise<RedisServer> {
  const starting = startRedis(options);
  afterAll(async () => (await starting).stop());
  return starting;
}

async function launch(port: number, options: readonly string[]): Promise<ChildProcess> {
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const child = spawn('redis-server', [...words, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await until(
    () => output.includes('Ready to accept connections') || child.exitCode !== null,
    () => `redis-server to start:\n${output}`,
  );
  if (child.exitCode !== null) throw new Error(`redis-server did not start:\n${output}`);
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function isInstalled(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
