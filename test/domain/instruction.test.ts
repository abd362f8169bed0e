import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { embeddingText, pairText, textHash } from '../../src/domain/instruction.ts';

it('is embedded by its instruction alone where there is no input', () => {
  expect(embeddingText({ instruction: 'Name three rivers.' })).toBe('Name three rivers.');
});

it('is embedded by instruction and input with a blank line between them', () => {
  expect(embeddingText({ instruction: 'Translate.', input: 'Guten Tag' })).toBe('Translate.\n\nGuten Tag');
});

it('is embedded with its response under the headings of CaR, of which those without a text are left out', () => {
  const instruction = 'Translate.';
  expect(pairText({ instruction, input: 'Guten Tag', output: 'Good day' })).toBe(
    'Instruction: Translate.\nInput: Guten Tag\nResponse: Good day',
  );
  expect(pairText({ instruction, output: 'What?' })).toBe('Instruction: Translate.\nResponse: What?');
  expect(pairText({ instruction, input: 'Guten Tag' })).toBe('Instruction: Translate.\nInput: Guten Tag');
  expect(pairText({ instruction })).toBe('Instruction: Translate.');
  // Empty is not absent.
  expect(pairText({ instruction, output: '' })).toBe('Instruction: Translate.\nResponse: ');
});

it('is the SHA-256 of the UTF-8, in hex', () => {
  expect(textHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('hashes any text, lone surrogates included, as its well-formed UTF-8', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
      const text = String.fromCharCode(...units);
      const expected = createHash('sha256').update(Buffer.from(text.toWellFormed())).digest('hex');
      expect(textHash(text)).toBe(expected);
    }),
  );
});
