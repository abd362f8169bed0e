import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withEarlierDefaults } from '../../../src/campaign/config/earlier-defaults.ts';
import { loadConfig, STATE_FILE } from '../../../src/campaign/config/load-config.ts';
import { openCampaignState } from '../../../src/store/campaign-state.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const root = temporaryFolder();
const BEGUN_BY_0_1 = fileURLToPath(new URL('../../fixtures/made-by-0.1/campaign-nearest/winnow.db', import.meta.url));
const YAML = 'pool: { files: [pool.jsonl] }\n';

function folderWith(name: string, text: string): string {
  const folder = root.file(name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'winnow.yaml'), text);
  return folder;
}

describe('the defaults of a campaign', () => {
  it('are those of 0.1 where 0.1 started it, unless winnow.yaml says otherwise', async () => {
    const silent = folderWith('begun-by-0.1', YAML);
    cpSync(BEGUN_BY_0_1, join(silent, STATE_FILE));
    const { trainer, rounds } = (await loadConfig(silent)).config;
    expect(trainer).toEqual({ kind: 'nearest-neighbour' });
    expect(rounds).toMatchObject({ seed: { strategy: 'selectllm' }, necessity: { select: 'cover' } });

    const explicit = folderWith('begun-by-0.1-command', `${YAML}trainer: { kind: command, command: ./train.sh }\n`);
    cpSync(BEGUN_BY_0_1, join(explicit, STATE_FILE));
    expect((await loadConfig(explicit)).config.trainer).toMatchObject({ kind: 'command', command: './train.sh' });
  });

  it('are the present ones for a campaign that starts now, and stay those when it goes on', async () => {
    const folder = folderWith('new', YAML);
    const before = await loadConfig(folder);
    const options = { clock: new VirtualClock(), caps: {}, version: '0.1.0' };
    openCampaignState(join(folder, STATE_FILE), options).close();
    expect((await loadConfig(folder)).config).toEqual(before.config);
  });

  it('leave a damaged state file to the one who opens it', async () => {
    const folder = folderWith('damaged', YAML);
    writeFileSync(join(folder, STATE_FILE), 'not a database');
    await expect(loadConfig(folder)).resolves.toMatchObject({ config: { pool: { files: ['pool.jsonl'] } } });
  });

  it('fill only what is missing', () => {
    const given = { trainer: { kind: 'command', command: 'x' }, seed: 3 };
    expect(withEarlierDefaults(given, 1)).toMatchObject(given);
    const rounds = { seed: { strategy: 'selectllm' }, necessity: { select: 'cover' } };
    expect(withEarlierDefaults({ seed: 3 }, 1)).toMatchObject({
      seed: 3,
      trainer: { kind: 'nearest-neighbour' },
      rounds,
    });
    const explicit = { rounds: { necessity: { select: 'random' } } };
    expect(withEarlierDefaults(explicit, 1)).toMatchObject({ rounds: { ...rounds, necessity: { select: 'random' } } });
    expect(withEarlierDefaults({ seed: 3 }, 1)).toMatchObject({ seed: 3, trainer: { kind: 'nearest-neighbour' } });
    // Nothing was drawn at random then, and a tenth was held out.
    expect(withEarlierDefaults({ labels: { tool: 'csv' }, rounds: { most: 2 } }, 1)).toMatchObject({
      labels: { tool: 'csv', test: 0, heldOutShare: 0.1 },
      rounds: { most: 2, control: 0 },
    });
    expect(withEarlierDefaults({ labels: { heldOutShare: 0.2 } }, 1)).toMatchObject({ labels: { heldOutShare: 0.2 } });
    expect(withEarlierDefaults({ seed: 3 }, 2)).toEqual({ seed: 3 });
  });
});
