import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CharacterModel, MOST_CHARACTERS } from '../../src/text/character-model.ts';

function leftOut(texts: readonly string[]): number[] {
  const model = new CharacterModel();
  for (const text of texts) model.add(text);
  return texts.map((text) => model.leaveOneOut(text));
}

it('counts a text before it as eight observations of each of its characters', () => {
  const texts = ['the cat sat', 'a cat ate', 'she sat', 'the hat'];
  const model = new CharacterModel();
  for (const text of texts) model.add(text);
  const alone = model.leaveOneOut('she sat');
  const after = model.leaveOneOutAfter('she sat', 'that cat sat');
  // Leaves the model as it was.
  expect(model.leaveOneOut('she sat')).toBe(alone);
  const more = new CharacterModel();
  for (const text of [...texts, ...new Array<string>(8).fill('that cat sat')]) more.add(text);
  expect(after).toBeCloseTo(more.leaveOneOut('she sat'), 12);
  expect(after).toBeGreaterThan(alone);
});

/** The formula, spelled out: n-grams as strings, the model built from all texts but one. */
function plainly(texts: readonly string[], out: number): number {
  const BOUNDARY = '\u{10ffff}';
  const characters = (text: string) => [BOUNDARY, ...text.slice(0, MOST_CHARACTERS).split(''), BOUNDARY];
  const counts = new Map<string, number>();
  const contexts = new Map<string, number>();
  const raise = (map: Map<string, number>, run: readonly string[]) =>
    map.set(run.join('\n'), (map.get(run.join('\n')) ?? 0) + 1);
  const runsTo = (all: readonly string[], at: number) =>
    [1, 2, 3, 4, 5].filter((length) => length <= at + 1).map((length) => all.slice(at + 1 - length, at + 1));
  for (const [index, text] of texts.entries()) {
    if (index === out) continue;
    const all = characters(text);
    for (let at = 1; at < all.length; at += 1) {
      for (const run of runsTo(all, at)) {
        raise(counts, run);
        raise(contexts, run.slice(0, -1));
      }
    }
  }
  const known = new Set(texts.flatMap(characters)).size;
  const all = characters(texts[out]!);
  let sum = 0;
  for (let at = 1; at < all.length; at += 1) {
    let probability = 1 / known;
    for (const run of runsTo(all, at)) {
      const context = contexts.get(run.slice(0, -1).join('\n')) ?? 0;
      probability = ((counts.get(run.join('\n')) ?? 0) + 8 * probability) / (context + 8);
    }
    sum += Math.log(probability);
  }
  return sum / (all.length - 1);
}

describe('CharacterModel', () => {
  it('gives what the formula gives, for each text by the model of all the others', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', 'é', '猫'), maxLength: 30 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
        for (const [out, value] of leftOut(texts).entries()) expect(value).toBeCloseTo(plainly(texts, out), 9);
      }),
      { numRuns: 25 },
    );
  });

  it('finds what is said often likelier than what is said once', () => {
    const usual = Array.from({ length: 20 }, (_, index) => `Explain how thing ${index} works.`);
    const values = leftOut([...usual, 'Zxq jvk wpf bnh gdm.']);
    expect(Math.min(...values.slice(0, -1))).toBeGreaterThan(values.at(-1)! + 1);
  });

  it('does not let a text predict itself: alone in its pool, nothing is known but its characters', () => {
    expect(leftOut(['abab'])[0]).toBeCloseTo(Math.log(1 / 3), 12);
  });

  it('forgets nothing and learns nothing by being asked', () => {
    const texts = ['to be', 'or not', 'to be'];
    const model = new CharacterModel();
    for (const text of texts) model.add(text);
    const once = texts.map((text) => model.leaveOneOut(text));
    expect(texts.map((text) => model.leaveOneOut(text))).toEqual(once);
  });

  it('reads a text so far and no farther', () => {
    const start = 'word '.repeat(MOST_CHARACTERS).slice(0, MOST_CHARACTERS);
    const [short, long] = leftOut([start, `${start}${'#'.repeat(100_000)}`]);
    expect(long).toBe(short);
  });

  it('has a finite value for any text', () => {
    for (const value of leftOut(['', '', '\0', '\ud800', '\uffff\ufffe', 'x'.repeat(10_000)])) {
      expect(value).toBeLessThanOrEqual(0);
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});
