import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argillaServer } from '../../../src/labels/http/argilla-server.ts';
import type { LabelServer } from '../../../src/labels/http/label-server.ts';
import { labelStudioServer } from '../../../src/labels/http/label-studio-server.ts';
import { ARGILLA_KEY, startArgilla } from '../../support/argilla-server.ts';
import { PERSONAL_TOKEN, startLabelStudio } from '../../support/label-studio-server.ts';
import type { RestFault, RestServerOptions } from '../../support/rest-server.ts';
import { labelTasks, patience } from './label-tasks.ts';

/** What happens to a request: nothing, a fault before or after it is carried out, or the end of our process after it. */
const fate = fc.oneof(
  { arbitrary: fc.constant('fine' as const), weight: 4 },
  fc.constant('killed' as const),
  fc
    .tuple(
      fc.constantFrom<RestFault>(
        { fault: 'drop', when: 'before' },
        { fault: 'drop', when: 'middle' },
        { fault: 'half-json' },
        { fault: 'status', status: 429 },
        { fault: 'status', status: 500 },
        { fault: 'status', status: 504 },
      ),
      fc.boolean(),
    )
    // What a server turns down it has not carried out.
    .map(([fault, after]): RestFault => ({ ...fault, after: after && !('status' in fault && fault.status === 429) })),
);

interface Trial {
  readonly url: string;
  connect(): LabelServer;
  ids(): readonly unknown[];
  containers(): number;
  close(): Promise<void>;
}

const tools: Readonly<Record<string, (options: RestServerOptions) => Promise<Trial>>> = {
  'Label Studio': async (options) => {
    const studio = await startLabelStudio({ ...options, mostOnPage: 3 });
    const settings = { url: studio.url, apiKey: PERSONAL_TOKEN, keySource: 'K', project: 'Winnow', ...patience() };
    return {
      ...studio,
      connect: () => labelStudioServer(settings),
      ids: () => studio.tasks.map(({ data }) => data.winnow_id),
      containers: () => studio.projects.length,
    };
  },
  Argilla: async (options) => {
    const argilla = await startArgilla(options);
    const settings = { url: argilla.url, apiKey: ARGILLA_KEY, keySource: 'K', dataset: 'winnow', ...patience() };
    return {
      ...argilla,
      connect: () => argillaServer(settings),
      ids: () => argilla.datasets.flatMap(({ records }) => records.map(({ external_id }) => external_id)),
      containers: () => argilla.datasets.length,
    };
  },
};

describe.each(Object.entries(tools))('%s', (_, start) => {
  it('has each task once, no matter which requests fail and how often the program is killed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 40 }), async (fates) => {
        let next = 0;
        let kill = new AbortController();
        const trial = await start({
          trouble: () => {
            const happens = fates[next++] ?? 'fine';
            if (happens === 'killed') kill.abort(new Error('killed'));
            return happens === 'fine' || happens === 'killed' ? undefined : happens;
          },
        });
        try {
          for (const count of [4, 7]) {
            for (;;) {
              kill = new AbortController();
              const pushed = await trial
                .connect()
                .push(labelTasks(count), { signal: kill.signal })
                .catch((error: Error) => error);
              if (!(pushed instanceof Error)) break;
              expect(pushed.message).toMatch(/killed|Gave up after/);
            }
          }
          expect([...trial.ids()].sort()).toEqual(labelTasks(7).map(({ id }) => id));
          expect(trial.containers()).toBe(1);
          expect((await trial.connect().pull()).untouched).toHaveLength(7);
        } finally {
          await trial.close();
        }
      }),
      { numRuns: 30 },
    );
  });
});
