import { describe, expect, it } from 'vitest';
import type { AnnotationDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { CampaignLab } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab } from './desk-lab.ts';

const home = temporaryFolder();
const WHOLE = { filter: 'all', search: '', offset: 0, limit: 100 } as const;
const states = (desk: AnnotationDesk, name: string) => desk.list(name, WHOLE).items.map(({ state }) => state);

/** Everything that a person can get, in order, by submitting it. */
function work(desk: AnnotationDesk, name: string): number[] {
  const numbers: number[] = [];
  for (let item = desk.next(name); item !== null; item = desk.next(name)) {
    numbers.push(item.number);
    desk.submit(name, item.number, answer(`By ${name}`));
  }
  return numbers;
}

describe('labels.assign', () => {
  it('gives people their share of a round, and says whose the others are', async () => {
    const assign = [{ to: ['Ann'], share: 0.5 }, { to: ['Bo'] }];
    const lab = await deskLab(home, 'shares', { labels: { heldOutShare: 0, assign } });
    await atDesk(lab, (desk) => {
      expect(states(desk, 'Ann')).toEqual(['open', 'assigned', 'open', 'assigned', 'open', 'assigned']);
      expect(desk.progress('Ann').leftForMe).toBe(3);
      const [, second] = desk.list('Ann', WHOLE).items;
      expect(second).toMatchObject({ heldBy: 'Bo' });
      expect(desk.open('Ann', second!.number)).toMatchObject({ state: 'assigned', heldBy: 'Bo', heldUntilMs: null });
      expect(() => desk.submit('Ann', second!.number, answer('Mine'))).toThrow(
        expect.objectContaining({ code: 'TAKEN' }),
      );
      expect(work(desk, 'Cy')).toEqual([]);
      expect(work(desk, 'Ann')).toHaveLength(3);
      expect(work(desk, 'Bo')).toHaveLength(3);
      expect(desk.progress(null).complete).toBe(6);
    });
  });

  it('gives items of a field to its people, and follows winnow.yaml when it changes', async () => {
    const labels = { heldOutShare: 0, annotators: 2 };
    const lab = await deskLab(home, 'field', { labels });
    const ids = await atDesk(lab, (desk) =>
      desk.list('Ann', WHOLE).items.map(({ number }) => {
        const { id } = desk.open('Ann', number);
        desk.release('Ann', number);
        return id;
      }),
    );
    const [first, second] = ids;
    const rules = { assign: [{ to: ['Ann'], where: [`id=${first},${second}`] }] };
    lab.configure({ labels: { ...labels, ...rules }, rounds: { most: 1, seed: { strategy: 'random', count: 6 } } });
    await atDesk(lab, (desk) => {
      // The second answer is for anyone.
      expect(work(desk, 'Bo')).toHaveLength(6);
      expect(states(desk, 'Cy').slice(0, 3)).toEqual(['assigned', 'assigned', 'open']);
      expect(work(desk, 'Cy')).toHaveLength(4);
      expect(work(desk, 'Ann')).toHaveLength(2);
    });
  });

  it.each([
    [{ to: ['Ann'], where: ['language'] }, /cannot be read/],
    [{ to: ['Ann'], share: 1.5 }, /assign/],
    [{ to: [] }, /assign/],
  ])('is refused where it cannot be read: %j', async (rule, message) => {
    const lab = new CampaignLab(home, `wrong ${JSON.stringify(rule)}`, { labels: { assign: [rule] } });
    await expect(lab.work((campaign) => campaign.run())).rejects.toThrow(message);
  });

  it('is refused where shares exceed the whole, or no record has the field', async () => {
    const twice = { to: ['Ann'], share: 0.6 };
    const many = new CampaignLab(home, 'many', { labels: { assign: [twice, twice] } });
    await expect(many.work((campaign) => campaign.run())).rejects.toThrow(/shares of more than 1/);
    const labels = { heldOutShare: 0, assign: [{ to: ['Ann'], where: ['langauge=de'] }] };
    await expect(deskLab(home, 'unknown', { labels })).rejects.toThrow('No record has a field "langauge".');
  });
});
