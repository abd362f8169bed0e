import type { EngineStatus } from '../../engine/engine-status.ts';
import { formatCount } from './format.ts';
import { safeLine } from './safe-text.ts';
import { renderTable } from './table.ts';

const LONGEST_REASON = 160;

/** What `winnow engine status` prints. @param width columns of the terminal */
export function renderEngineStatus(status: EngineStatus, width: number): string {
  const { workers, coordinators, queue, failures, address, version } = status;
  const table = renderTable(
    [
      { title: 'worker', value: ({ host }) => host, shrinksTo: 10 },
      { title: 'running', value: ({ busy, concurrency }) => `${busy} of ${concurrency}`, align: 'right' },
      { title: 'done', value: ({ done }) => formatCount(done), align: 'right' },
      { title: 'failed', value: ({ failed }) => formatCount(failed), align: 'right' },
      { title: 'state', value: (one) => one.refused ?? (one.version === version ? 'ready' : `winnow ${one.version}`) },
    ],
    workers,
    width,
  );
  const lines = [
    `${address}, winnow ${version}`,
    `${formatCount(queue.waiting)} shards waiting, ${formatCount(queue.running)} running, ${formatCount(queue.failed)} failed`,
    ...coordinators.map(({ host, busy, done }) =>
      safeLine(`A run on ${host}: ${formatCount(done)} shards done, ${formatCount(busy)} to go`, width),
    ),
    ...(workers.length === 0
      ? ['No worker is running. Start one: winnow worker --engine <address>']
      : ['', table.trimEnd()]),
    ...(failures.length === 0 ? [] : ['', 'Failed shards:']),
    ...failures.map(
      ({ shard, tries, reason }) => `  ${safeLine(`${shard}, tried ${tries} times: ${reason}`, LONGEST_REASON)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
