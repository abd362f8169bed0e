import { beforeEach, expect, test } from 'vitest';
import type { CampaignState } from '../../src/store/campaign-state.ts';
import type { DeskStore, WorkingCopy } from '../../src/store/desk-store.ts';
import { campaignOf } from './campaign-file.ts';

let state: CampaignState;
let desk: DeskStore;

beforeEach(() => {
  state = campaignOf(5);
  desk = state.desk;
  return () => state.close();
});

function copyOf(position: number, annotator: string, about: Partial<WorkingCopy> = {}): WorkingCopy {
  const times = { seconds: 4.5, updatedAtMs: 1_700_000_000_000 };
  return {
    position,
    annotator,
    revision: 1,
    response: 'Half an ans',
    comment: '',
    note: '',
    doubtful: false,
    answers: {},
    submitted: false,
    ...times,
    ...about,
  };
}

test('gives back what a person has written of an item as it was saved last, word for word', () => {
  expect(desk.workingCopy(2, 'Ann')).toBeUndefined();
  desk.saveWorkingCopy(copyOf(2, 'Ann'));
  const later = copyOf(2, 'Ann', {
    revision: 2,
    response: 'Nul \0, \u202eright\u202c, 🦜\r\n',
    comment: 'x',
    note: 'Two readings.',
    doubtful: true,
    answers: { quality: 4, faults: ['long'] },
    submitted: true,
  });
  desk.saveWorkingCopy(later);
  desk.saveWorkingCopy(copyOf(2, 'Ben'));
  expect(desk.workingCopy(2, 'Ann')).toEqual(later);
  expect(desk.workingCopy(2, 'Ben')).toEqual(copyOf(2, 'Ben'));
});

test('keeps halves of characters as the character that stands for what cannot be read', () => {
  desk.saveWorkingCopy(copyOf(1, 'Ann', { response: 'a\ud800', comment: '\udc00b' }));
  expect(desk.workingCopy(1, 'Ann')).toMatchObject({ response: 'a\ufffd', comment: '\ufffdb' });
});

test('tells what is begun: something is written, and it is not submitted', () => {
  desk.saveWorkingCopy(copyOf(3, 'Ann'));
  desk.saveWorkingCopy(copyOf(1, 'Ann', { response: '', comment: 'no use' }));
  desk.saveWorkingCopy(copyOf(2, 'Ann', { submitted: true }));
  desk.saveWorkingCopy(copyOf(4, 'Ann', { response: '' }));
  desk.saveWorkingCopy(copyOf(4, 'Cy', { response: '', note: 'hm' }));
  desk.saveWorkingCopy(copyOf(3, 'Cy', { response: '', doubtful: true }));
  desk.saveWorkingCopy(copyOf(0, 'Ben', { updatedAtMs: 7 }));
  expect(desk.begun('Ann').map(({ position }) => position)).toEqual([1, 3]);
  expect(desk.begun('Cy').map(({ position }) => position)).toEqual([3, 4]);
  expect(desk.begun('Cleo')).toEqual([]);
  expect(desk.begun().map(({ position, annotator }) => [position, annotator])).toEqual([
    [0, 'Ben'],
    [1, 'Ann'],
    [3, 'Ann'],
    [3, 'Cy'],
    [4, 'Cy'],
  ]);
  expect(desk.begun('Ben')).toEqual([{ position: 0, annotator: 'Ben', updatedAtMs: 7 }]);
});

test('refuses a working copy that cannot be one', () => {
  for (const wrong of [{ revision: 0 }, { seconds: -1 }, { position: 99 }]) {
    expect(() => desk.saveWorkingCopy({ ...copyOf(1, 'Ann'), ...wrong })).toThrow(/constraint/i);
  }
});

test('tells the holds that last, and remembers those that have run out until they are dropped', () => {
  const [ann, ben] = [
    { position: 3, annotator: 'Ann', sinceMs: 10, untilMs: 100, ahead: false },
    { position: 1, annotator: 'Ben', sinceMs: 20, untilMs: 200, ahead: false },
  ];
  desk.saveHold(ann);
  desk.saveHold(ben);
  expect(desk.holds(99)).toEqual([ben, ann]);
  expect(desk.holds(100)).toEqual([ben]);
  expect(desk.hold(3, 'Ann')).toEqual(ann);
  expect(desk.hold(3, 'Ben')).toBeUndefined();
  desk.saveHold({ ...ann, untilMs: 300 });
  expect(desk.holds(250)).toEqual([{ ...ann, untilMs: 300 }]);
  desk.dropHold(3, 'Ann');
  desk.dropHold(3, 'Ann');
  expect(desk.hold(3, 'Ann')).toBeUndefined();
  expect(desk.holds(0)).toEqual([ben]);
});

test('its marks move with every step, label and action of a lead, and with nothing else', () => {
  const before = desk.marks();
  expect(before).toEqual({ steps: 0, annotations: 0, actions: 0 });
  desk.saveWorkingCopy(copyOf(2, 'Ann'));
  desk.saveHold({ position: 3, annotator: 'Ann', sinceMs: 10, untilMs: 100, ahead: false });
  expect(desk.marks()).toEqual(before);
  state.rounds.finishStep(1, 'select', {});
  expect(desk.marks()).toEqual({ steps: 1, annotations: 0, actions: 0 });
  const label = { key: 'k', position: 1, verdict: 'skipped' as const, response: null, annotator: null };
  const unknown = { seconds: null, submittedAtMs: null, sourceId: null, costMicroUsd: 0 };
  state.labels.saveImport({ source: 's', tool: 't', summary: {} }, [{ ...label, ...unknown }], () => undefined);
  expect(desk.marks()).toEqual({ steps: 1, annotations: 1, actions: 0 });
  state.lead.add({ kind: 'close', by: 'Mia', position: 1 });
  expect(desk.marks()).toEqual({ steps: 1, annotations: 1, actions: 1 });
});
