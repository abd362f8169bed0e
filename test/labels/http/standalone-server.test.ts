import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { argillaServer } from '../../../src/labels/http/argilla-server.ts';
import { labelStudioServer } from '../../../src/labels/http/label-studio-server.ts';
import { ARGILLA_KEY } from '../../support/argilla-server.ts';
import { LEGACY_TOKEN } from '../../support/label-studio-server.ts';
import { labelTasks, patience } from './label-tasks.ts';

it.each(['label-studio', 'argilla'] as const)(
  'the standalone server stands for %s and its annotators',
  async (tool) => {
    const flags = ['--provider', tool, '--fault-rate', '0.2', '--seed', '4'];
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/serve.ts', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
      const settings = { url, keySource: 'KEY', retry: { maxTries: 20 }, ...patience() };
      const server =
        tool === 'argilla'
          ? argillaServer({ ...settings, apiKey: ARGILLA_KEY, dataset: 'winnow' })
          : labelStudioServer({ ...settings, apiKey: LEGACY_TOKEN, project: 'Winnow' });
      expect(await server.push(labelTasks(3))).toMatchObject({ created: 3 });
      const responses = { it_1: 'One.', it_3: 'Three.' };
      await fetch(`${url}/test/annotate`, { method: 'POST', body: JSON.stringify({ responses }) });
      const { annotations, untouched } = await server.pull();
      expect(annotations.map(({ itemId, response }) => [itemId, response])).toEqual(Object.entries(responses));
      expect(untouched).toEqual(['it_2']);
    } finally {
      child.kill();
    }
  },
);
