import { describe, expect, it } from 'vitest';
import type { LabeledExample } from '../../src/domain/label.ts';
import { labeledExamples } from '../../src/testing/training-job.ts';
import { nearestNeighbourModel } from '../../src/trainers/nearest-neighbour.ts';
import { retrievalModel } from '../../src/trainers/retrieval/retrieval-model.ts';
import { plain } from '../math/kernels.ts';
import { letterEmbedder } from './letter-embedder.ts';

const SUBJECT = { subject: 'item 1' };

describe.each([
  ['nearest-neighbour', nearestNeighbourModel],
  ['retrieval', retrievalModel],
])('the model of %s', (name, openModel) => {
  const open = (examples: readonly LabeledExample[], embedder = letterEmbedder()) =>
    openModel({ name: `${name}-r2`, examples, embedder, kernel: plain });

  it('is free and names itself', async () => {
    const asked = open(labeledExamples(3));
    expect(asked.name).toBe(`${name}-r2`);
    expect(asked.estimate({ instruction: 'x' })).toEqual({ expected: 0, worstCase: 0 });
    await expect(asked.answer({ instruction: 'x' }, SUBJECT)).resolves.toMatchObject({
      model: `${name}-r2`,
      costMicroUsd: 0,
    });
  });

  it('embeds its examples once, and concurrent questions together', async () => {
    const embedder = letterEmbedder();
    const examples = labeledExamples(20);
    const asked = open(examples, embedder);
    expect(embedder.calls).toEqual([]);
    await Promise.all(examples.map((one) => asked.answer(one, SUBJECT)));
    await Promise.all(examples.slice(0, 7).map((one) => asked.answer(one, SUBJECT)));
    expect(embedder.calls).toEqual([20, 20, 7]);
  });

  it('answers no more questions at once than it declares', async () => {
    const embedder = letterEmbedder();
    const asked = open(labeledExamples(3), embedder);
    const items = Array.from({ length: asked.concurrency + 5 }, (_, number) => ({ instruction: `Item ${number}` }));
    const answers = await Promise.all(items.map((item) => asked.answer(item, SUBJECT)));
    expect(answers).toHaveLength(items.length);
    expect(embedder.calls.toSorted((a, b) => a - b)).toEqual([3, 5, asked.concurrency]);
  });

  it('rejects with the reason of the signal, and leaves questions without it alone', async () => {
    const asked = open(labeledExamples(3));
    const leave = new AbortController();
    const left = asked.answer({ instruction: 'one' }, { ...SUBJECT, signal: leave.signal });
    const other = asked.answer({ instruction: 'two' }, SUBJECT);
    leave.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await expect(other).resolves.toMatchObject({ model: `${name}-r2` });
    await expect(asked.answer({ instruction: 'x' }, { ...SUBJECT, signal: leave.signal })).rejects.toThrow('left');
  });

  it('embeds its examples again after a failure', async () => {
    let failures = 1;
    const embedder = letterEmbedder(() => (failures-- > 0 ? new Error('no embedder today') : undefined));
    const asked = open(labeledExamples(3), embedder);
    await expect(asked.answer({ instruction: 'x' }, SUBJECT)).rejects.toThrow('no embedder today');
    const [first] = labeledExamples(3);
    await expect(asked.answer(first!, SUBJECT)).resolves.toMatchObject({ text: first!.response });
  });
});
