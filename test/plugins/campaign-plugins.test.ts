import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openCampaign, report } from '../../src/index.ts';
import { STRATEGIES } from '../../src/selection/strategies/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

it('a campaign remembers the versions of its plugins, says when one changes, and reports them', async () => {
  folder.write('pool.jsonl', '{"instruction":"One?"}\n{"instruction":"Two?"}\n');
  folder.write('winnow.yaml', 'plugins: [./v1.mjs]\npool: { files: [pool.jsonl] }\n');
  for (const version of ['1', '2']) {
    writeFileSync(folder.file(`v${version}.mjs`), `export default { name: 'own', version: '${version}' };`);
  }
  const notes: string[] = [];
  const open = () =>
    openCampaign(folder.path, { onNote: (note) => notes.push(note), cacheFolder: folder.file('cache') });
  const first = await open();
  await first.next();
  await first.close();
  expect(notes).toEqual([]);
  folder.write('winnow.yaml', 'plugins: [./v2.mjs]\npool: { files: [pool.jsonl] }\n');
  await (await open()).close();
  expect(notes).toEqual(['The plugin own is version 2 now, not 1. Results may not compare.']);
  const { provenance } = await report(folder.path, { cacheFolder: folder.file('cache') });
  expect(provenance.plugins).toMatchObject([
    { name: 'own', version: '1' },
    { name: 'own', version: '2' },
  ]);
});

it('the plugins of a campaign are known until it is closed', async () => {
  const own = { ...STRATEGIES.find('random'), name: 'of-this-campaign' };
  const isKnown = () => STRATEGIES.has('of-this-campaign');
  Object.assign(globalThis, { ownStrategy: own });
  folder.write('own.mjs', "export default { name: 'own', version: '1', strategies: [globalThis.ownStrategy] };");
  folder.write('winnow.yaml', 'plugins: [./own.mjs]\npool: { files: [pool.jsonl] }\n');
  const campaign = await openCampaign(folder.path, { cacheFolder: folder.file('cache') });
  expect(isKnown()).toBe(true);
  await campaign.close();
  expect(isKnown()).toBe(false);
  await report(folder.path, { cacheFolder: folder.file('cache') });
  expect(isKnown()).toBe(false);
  folder.write('winnow.yaml', 'plugins: [./own.mjs]\npool: { files: 3 }\n');
  await expect(openCampaign(folder.path)).rejects.toThrow('pool.files');
  expect(isKnown()).toBe(false);
});
