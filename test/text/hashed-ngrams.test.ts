import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashedNgrams } from '../../src/text/hashed-ngrams.ts';

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, column) => sum + value * b[column]!, 0);

describe('hashedNgrams', () => {
  it('gives unit vectors, the same for texts that differ in case, width, spaces and punctuation', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('ά', 'Б', '日', '本', 'ก', ' '), minLength: 1 }), (text) => {
        const vector = hashedNgrams(text, 384);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        expect(hashedNgrams(`  «${text.toUpperCase().toLowerCase()}»?\n`, 384)).toEqual(vector);
      }),
    );
  });

  it('gives texts of different single characters different vectors', () => {
    expect(cosine(hashedNgrams('🍕', 384), hashedNgrams('🎉', 384))).toBeLessThan(0.5);
  });

  it('stays close for a typing error and gets far for another sentence', () => {
    const text = 'Как приготовить настоящий украинский борщ со сметаной и чесночными пампушками';
    const close = cosine(hashedNgrams(text, 384), hashedNgrams(text.replace('чесн', 'чсн'), 384));
    const far = cosine(hashedNgrams(text, 384), hashedNgrams('Кто написал роман о войне двенадцатого года?', 384));
    expect(close).toBeGreaterThan(0.9);
    expect(far).toBeLessThan(0.35);
  });

  it('reads the beginning of a long text', () => {
    expect(hashedNgrams('ก'.repeat(1_000_000), 384)).toEqual(hashedNgrams('ก'.repeat(10_000), 384));
  });
});
