import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab } from './desk-lab.ts';

const home = temporaryFolder();
const LABELS = 'SELECT response, note, doubtful FROM annotation ORDER BY id';

test('a note and doubt are kept in drafts, stored with the label, shown to the lead and exported', async () => {
  const lab = await deskLab(home, 'noted');
  const said = { note: 'Two readings.\ud800', doubtful: true };
  const stored = { note: 'Two readings.\ufffd', doubtful: true };
  const number = await atDesk(lab, (desk) => {
    const item = desk.next('Ann')!;
    const { revision } = desk.save('Ann', item.number, { ...answer(''), ...said }).writing;
    expect(desk.open('Ann', item.number)).toMatchObject({ state: 'draft', writing: { ...stored, submitted: false } });
    expect(() => desk.save('Ann', item.number, { ...answer(''), note: 'Another tab' })).toThrow('edited elsewhere');
    desk.submit('Ann', item.number, { ...answer('Yes.', { revision }), ...said });
    return item.number;
  });
  await atDesk(lab, (desk) => {
    expect(desk.open('Ann', number).writing).toMatchObject({ ...stored, response: 'Yes.', submitted: true });
    const { reviewItems } = desk.teamOverview();
    expect(reviewItems).toMatchObject([{ number, reasons: ['doubtful', 'noted'], labels: [stored] }]);
  });
  await lab.work(async (campaign) => {
    await campaign.exportLabels(lab.path('labels.jsonl'));
    expect(await campaign.importLabels(lab.path('labels.jsonl'))).toMatchObject({ accepted: 0, unchanged: 1 });
  });
  expect(JSON.parse(lab.read('labels.jsonl'))).toMatchObject({ response: 'Yes.', ...stored });
  expect(lab.rows(LABELS)).toEqual([{ response: 'Yes.', note: stored.note, doubtful: 1 }]);
});

test('a label that changes only in its note is added, and the one before stays', async () => {
  const lab = await deskLab(home, 'changed');
  await atDesk(lab, (desk) => {
    const { number } = desk.next('Ann')!;
    desk.submit('Ann', number, answer('Yes.'));
    desk.submit('Ann', number, { ...answer('Yes.', { revision: 1 }), note: 'Checked.' });
    desk.submit('Ann', number, { ...answer('Yes.', { revision: 2 }), note: 'Checked.' });
    expect(desk.open('Ann', number).writing).toMatchObject({ note: 'Checked.', doubtful: false, submitted: true });
  });
  expect(lab.rows(LABELS)).toEqual([
    { response: 'Yes.', note: null, doubtful: 0 },
    { response: 'Yes.', note: 'Checked.', doubtful: 0 },
  ]);
});

test('a note may be long, but not longer than a reason', async () => {
  const lab = await deskLab(home, 'long');
  await atDesk(lab, (desk) => {
    const { number } = desk.next('Ann')!;
    const long = { ...answer('Yes.'), note: 'x'.repeat(10_001) };
    expect(() => desk.submit('Ann', number, long)).toThrow('The note is longer than 10,000 characters.');
    expect(desk.submit('Ann', number, { ...long, note: 'x'.repeat(10_000) }).verdict).toBe('accepted');
  });
});
