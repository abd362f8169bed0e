import { beforeEach, describe, expect, it } from 'vitest';
import type { CampaignState } from '../../src/store/campaign-state.ts';
import type { LabelStore, NewAnnotation } from '../../src/store/label-store.ts';
import { campaignOf, plannedExpense } from './campaign-file.ts';

const FROM = { source: 'labels.jsonl', tool: 'jsonl', summary: { added: 1 } };

function said(key: string, position: number, about: Partial<NewAnnotation> = {}): NewAnnotation {
  return {
    key,
    position,
    verdict: 'accepted',
    response: `Response ${key}`,
    annotator: 'ann',
    seconds: 12.5,
    submittedAtMs: 1_700_000_000_000,
    sourceId: `id ${key}`,
    costMicroUsd: 100,
    ...about,
  };
}

function nothing(): void {
  // Nothing is written beside the import.
}

describe('LabelStore', () => {
  let state: CampaignState;
  let labels: LabelStore;

  beforeEach(() => {
    state = campaignOf(4);
    labels = state.labels;
    return () => state.close();
  });

  it('gives annotations back as they were taken in, in that order, numbered from import to import', () => {
    const first = [said('b', 3), said('a', 0, { verdict: 'skipped', response: null, annotator: null, seconds: null })];
    const second = [
      said('c', 3, { verdict: 'rejected', response: null, submittedAtMs: null, sourceId: null, comment: 'no task' }),
    ];
    labels.saveImport(FROM, first, nothing);
    labels.saveImport(FROM, second, nothing);
    const stored = labels.annotations();
    expect(stored).toEqual(
      [...first, ...second].map(({ key: _, ...annotation }, index) => ({ ...annotation, id: stored[index]!.id })),
    );
    expect(stored.map(({ id }) => id)).toEqual([...stored.map(({ id }) => id)].sort((a, b) => a - b));
    expect(['a', 'b', 'c', 'd'].map((key) => labels.has(key))).toEqual([true, true, true, false]);
  });

  it('adds up what everybody has cost on an item', () => {
    labels.saveImport(
      FROM,
      [said('a', 1, { costMicroUsd: 70 }), said('b', 1, { costMicroUsd: 5 }), said('c', 2)],
      nothing,
    );
    expect([labels.costOf(1), labels.costOf(2), labels.costOf(3)]).toEqual([75, 100, 0]);
  });

  it('knows what the annotations of an item are known by, in the order they were taken in', () => {
    labels.saveImport(FROM, [said('z', 1), said('b', 2), said('a', 1)], nothing);
    expect([labels.keysOf(1), labels.keysOf(2), labels.keysOf(3)]).toEqual([['z', 'a'], ['b'], []]);
  });

  it('takes an import in whole, with what is written alongside, after the annotations', () => {
    let seen = 0;
    state.ledger.expenses.reserve([plannedExpense('labels', 'l', 100)]);
    labels.saveImport(FROM, [said('a', 0), said('b', 1)], () => {
      seen = labels.annotations().length;
      state.ledger.expenses.settle('l', { costMicroUsd: 40, labels: 1 });
    });
    expect(seen).toBe(2);
    expect(state.ledger.spending().labels).toMatchObject({ settledMicroUsd: 40, settledLabels: 1 });
  });

  it('takes nothing in where one annotation cannot be, or what is written alongside throws', () => {
    labels.saveImport(FROM, [said('there', 0)], nothing);
    state.ledger.expenses.reserve([plannedExpense('labels', 'l', 100)]);
    const failing = [
      [() => labels.saveImport(FROM, [said('a', 0), said('there', 1)], nothing), 'UNIQUE'],
      [() => labels.saveImport(FROM, [said('a', 0), said('a', 1)], nothing), 'UNIQUE'],
      [() => labels.saveImport(FROM, [said('a', 0), said('b', 4)], nothing), 'FOREIGN KEY'],
      [() => labels.saveImport(FROM, [said('a', 0), said('b', 1, { verdict: 'draft' as never })], nothing), 'CHECK'],
      [
        () =>
          labels.saveImport(FROM, [said('a', 0)], () => {
            state.ledger.expenses.settle('l', { costMicroUsd: 40, labels: 1 });
            throw new Error('cut off');
          }),
        'cut off',
      ],
    ] as const;
    for (const [failingImport, message] of failing) {
      expect(failingImport).toThrow(message);
      expect([labels.annotations().length, labels.has('a')]).toEqual([1, false]);
    }
    expect(state.ledger.expenses.isOpen('l')).toBe(true);
  });

  it('keeps what people write: NULs, markup, megabytes, and halves of letters as U+FFFD', () => {
    const texts = ['a\0b', '<b>\u001b[2J\u202e', 'x'.repeat(2_000_000), 'half \ud83d'];
    labels.saveImport(
      FROM,
      texts.map((text, index) => said(String(index), 0, { response: text, annotator: text, sourceId: text })),
      nothing,
    );
    const kept = texts.map((text) => text.toWellFormed());
    expect(labels.annotations().map(({ response }) => response)).toEqual(kept);
    expect(labels.annotations().map(({ annotator }) => annotator)).toEqual(kept);
    expect(labels.annotations().map(({ sourceId }) => sourceId)).toEqual(kept);
  });

  it('assigns a label to training or to what is held out once and for good, all or none', () => {
    labels.assign(
      new Map([
        [2, true],
        [0, false],
      ]),
    );
    expect(() =>
      labels.assign(
        new Map([
          [1, true],
          [2, false],
        ]),
      ),
    ).toThrow('UNIQUE');
    expect(labels.assignments()).toEqual(
      new Map([
        [0, false],
        [2, true],
      ]),
    );
    labels.assign(new Map([[1, true]]));
    expect(labels.assignments().get(1)).toBe(true);
  });

  it('keeps what each model was trained on, by position, once a round, all or none', () => {
    labels.saveImport(FROM, [said('a', 3), said('b', 1), said('c', 1)], nothing);
    const [a, b, c] = labels.annotations().map(({ id }) => id);
    expect(labels.trainingExamples(1)).toEqual([]);
    labels.saveTrainingExamples(1, [
      { position: 3, annotationId: a! },
      { position: 1, annotationId: b! },
    ]);
    labels.saveTrainingExamples(2, [{ position: 1, annotationId: c! }]);
    expect(labels.trainingExamples(1)).toEqual([
      { position: 1, annotationId: b },
      { position: 3, annotationId: a },
    ]);
    expect(labels.trainingExamples(2)).toEqual([{ position: 1, annotationId: c }]);
    const twice = [
      { position: 3, annotationId: a! },
      { position: 1, annotationId: b! },
    ];
    expect(() => labels.saveTrainingExamples(2, twice)).toThrow('UNIQUE');
    expect(() => labels.saveTrainingExamples(3, [{ position: 1, annotationId: 999 }])).toThrow('FOREIGN KEY');
    expect([labels.trainingExamples(2).length, labels.trainingExamples(3).length]).toEqual([1, 0]);
  });
});
