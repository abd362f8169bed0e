import { rmSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab } from './desk-lab.ts';

const home = temporaryFolder();
const labels = { heldOutShare: 0, guidelines: 'guide.md' };
const withGuide = (name: string, text: string) =>
  deskLab(home, name, { labels }, (lab) => void lab.write('guide.md', text));

describe('labels.guidelines', () => {
  it('are read as they are now, each text a version, stored with the answers made under it', async () => {
    const lab = await withGuide('versions', '\ufeff# Be kind\n');
    await atDesk(lab, async (desk) => {
      const first = desk.guidelines()!;
      expect(first).toEqual({ version: expect.stringMatching(/^[0-9a-f]{12}$/), text: '# Be kind\n' });
      expect(desk.progress('Ann').guidelines).toBe(first.version);
      const [one, two, three, four] = desk
        .list('Ann', { filter: 'all', search: '', offset: 0, limit: 9 })
        .items.map(({ number }) => number) as [number, number, number, number];
      desk.submit('Ann', one, { ...answer('One'), guidelines: first.version });

      lab.write('guide.md', '# Be kind and brief\n');
      utimesSync(lab.path('guide.md'), 1, 1);
      const second = desk.guidelines()!;
      expect(second.text).toBe('# Be kind and brief\n');
      expect(second.version).not.toBe(first.version);
      // What counts is what the person had read.
      desk.submit('Ann', two, { ...answer('Two'), guidelines: first.version });
      desk.submit('Ann', three, { ...answer('Three'), guidelines: second.version });
      desk.submit('Ann', four, { ...answer('Four'), guidelines: 'no-such-one' });
      expect(lab.rows('SELECT annotation_id AS id, version FROM followed_guidelines ORDER BY id')).toEqual([
        { id: 1, version: first.version },
        { id: 2, version: first.version },
        { id: 3, version: second.version },
      ]);
      rmSync(lab.path('guide.md'));
      expect(desk.guidelines()).toEqual(second);
    });
    const out = lab.path('labels.jsonl');
    await lab.work((campaign) => campaign.exportLabels(out));
    const exported = lab
      .read('labels.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exported.map(({ guidelines }) => guidelines === null)).toEqual([false, false, false, true]);
  });

  it('are null without the setting', async () => {
    await atDesk(await deskLab(home, 'none'), (desk) => {
      expect(desk.guidelines()).toBeNull();
      expect(desk.progress('Ann').guidelines).toBeNull();
    });
  });

  it('are an error at the start where the file cannot be read or is too long', async () => {
    const lab = await deskLab(home, 'missing', { labels });
    await expect(openDesk(lab.folder, lab.options)).rejects.toThrow(/labels\.guidelines cannot be used: ENOENT/);
    lab.write('guide.md', 'x'.repeat(1_000_001));
    await expect(openDesk(lab.folder, lab.options)).rejects.toThrow('more than 1,000,000 characters');
  });
});
