import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '../../../src/models/embedders/safetensors.ts';

function safetensors(header: object | string, data: Uint8Array): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

const header = {
  __metadata__: { format: 'pt' },
  a: { dtype: 'F16', shape: [2, 1], data_offsets: [0, 4] },
  b: { dtype: 'I64', shape: [], data_offsets: [4, 12] },
};
const data = Uint8Array.from({ length: 12 }, (_, i) => i);

describe('parseSafetensors', () => {
  it('finds the tensors by name and leaves the metadata out', () => {
    const tensors = parseSafetensors(safetensors(header, data));
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    expect(tensors.get('a')).toEqual({ type: 'F16', shape: [2, 1], bytes: Buffer.of(0, 1, 2, 3) });
    expect(tensors.get('b')).toEqual({ type: 'I64', shape: [], bytes: Buffer.of(4, 5, 6, 7, 8, 9, 10, 11) });
  });

  it('reads a file without metadata', () => {
    expect(parseSafetensors(safetensors({ a: header.a }, data)).size).toBe(1);
  });

  it('detects a file cut anywhere', () => {
    const whole = safetensors(header, data);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => parseSafetensors(whole.subarray(0, length))).toThrow(
        /^The weights of the local embedder are damaged: /,
      );
    }
  });

  it.each([
    ['no JSON', '{"a":'],
    ['an unknown shape', { a: { ...header.a, shape: 'wide' } }],
    ['offsets that run backwards', { a: { ...header.a, data_offsets: [4, 0] } }],
  ])('refuses a header with %s', (_, wrong) => {
    expect(() => parseSafetensors(safetensors(wrong, data))).toThrow(/damaged/);
  });
});
