import { existsSync, truncateSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddingError } from '../../../src/domain/errors.ts';
import { embeddingMatrix } from '../../../src/math/embedding-matrix.ts';
import { npyContent, readNpy } from '../../../src/models/embedders/npy.ts';
import { writeFileAtomically } from '../../../src/records/write-file-atomically.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const DOLLY = '../shared/data/dolly-3k.minilm.npy';

/** A .npy file as numpy lays it out: magic, version, length of the header, header, data. */
function npyFile(header: string, data: Uint8Array, version = 1): Buffer {
  const text = Buffer.from(`${header}\n`, 'latin1');
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), length, text, data]);
}

function dictionary({ descr = "'<f4'", order = 'False', shape = '(2, 1)' } = {}): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

const twoFloats = new Uint8Array(Float32Array.of(1.5, -2).buffer);

async function failureOf(path: string): Promise<EmbeddingError> {
  const failure = await readNpy(path).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(EmbeddingError);
  return failure as EmbeddingError;
}

describe('npyContent and readNpy', () => {
  it('give back the bits of any matrix', async () => {
    const path = folder.file('round-trip.npy');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(20),
        fc.nat(20),
        fc.float32Array({ minLength: 400, maxLength: 400 }),
        async (rows, columns, values) => {
          // A view that does not start where its memory does.
          const matrix = embeddingMatrix(values.subarray(0, rows * columns), rows, columns);
          await writeFile(path, Buffer.concat([...npyContent(matrix)]));
          const read = await readNpy(path);
          expect([read.rows, read.columns]).toEqual([rows, columns]);
          expect(new Uint32Array(read.data.slice().buffer)).toEqual(new Uint32Array(matrix.data.slice().buffer));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('go through a file of several pieces', async () => {
    const rows = 17_000;
    const data = Float32Array.from({ length: rows * 384 }, (_, i) => i);
    const pieces = [...npyContent(embeddingMatrix(data, rows, 384))];
    expect(pieces.length).toBe(3);
    const path = folder.file('pieces.npy');
    await writeFileAtomically(path, pieces);
    expect(Buffer.compare(Buffer.from((await readNpy(path)).data.buffer), Buffer.from(data.buffer))).toBe(0);
  });

  it('aligns the data to 64 bytes, as numpy does', () => {
    const [header] = npyContent(embeddingMatrix(new Float32Array(6), 2, 3));
    expect(header!.length % 64).toBe(0);
    expect(Buffer.from(header!).toString('latin1', 10)).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/,
    );
  });

  it.skipIf(!existsSync(DOLLY))('reads a file numpy wrote', async () => {
    const matrix = await readNpy(DOLLY);
    expect([matrix.rows, matrix.columns]).toEqual([2996, 384]);
    for (const row of [0, 1500, 2995]) {
      const values = matrix.data.subarray(row * 384, (row + 1) * 384);
      expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    }
  });
});

describe('readNpy', () => {
  it.each([1, 2, 3])('reads version %s', async (version) => {
    const matrix = await readNpy(folder.write('version.npy', npyFile(dictionary(), twoFloats, version)));
    expect([...matrix.data]).toEqual([1.5, -2]);
  });

  it('rounds float64 and widens float16', async () => {
    const doubles = new Uint8Array(Float64Array.of(0.1, -1e-3).buffer);
    const fromDoubles = await readNpy(folder.write('f8.npy', npyFile(dictionary({ descr: "'<f8'" }), doubles)));
    expect([...fromDoubles.data]).toEqual([Math.fround(0.1), Math.fround(-1e-3)]);
    const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xb555).buffer);
    const fromHalves = await readNpy(folder.write('f2.npy', npyFile(dictionary({ descr: "'<f2'" }), halves)));
    expect([...fromHalves.data]).toEqual([1, -0.333251953125]);
  });

  it.each([
    ['Fortran order', { order: 'True' }, 'is in Fortran order (column by column); only C order is read.'],
    ['big-endian floats', { descr: "'>f4'" }, 'holds elements of type >f4; only <f4, <f8 and <f2 are read.'],
    ['integers', { descr: "'<i8'" }, 'holds elements of type <i8; only <f4, <f8 and <f2 are read.'],
    ['structured elements', { descr: "[('x', '<f4')]" }, 'holds elements of type "structured"; only'],
    ['one dimension', { shape: '(2,)' }, 'has 1 dimensions (2,) instead of two, rows and columns.'],
    ['three dimensions', { shape: '(2, 1, 1)' }, 'has 3 dimensions (2, 1, 1) instead of two'],
  ])('refuses %s and says how to save the array', async (_, header, message) => {
    const failure = await failureOf(folder.write('refused.npy', npyFile(dictionary(header), twoFloats)));
    expect(failure.message).toContain(message);
    expect(failure.hint).toContain('numpy.ascontiguousarray(vectors, dtype="<f4")');
  });

  it('detects a file cut anywhere', async () => {
    const whole = npyFile(dictionary(), twoFloats);
    for (let length = 0; length < whole.length; length += 1) {
      const path = folder.write('cut.npy', whole);
      truncateSync(path, length);
      await failureOf(path);
    }
    const short = folder.write('cut.npy', whole.subarray(0, -3));
    expect((await failureOf(short)).message).toContain(
      'should have 8 bytes after its header (2 × 1 values of 4 bytes) but has 5.',
    );
  });

  it('refuses more data than the header says, and sizes no memory could hold', async () => {
    const more = folder.write('more.npy', npyFile(dictionary({ shape: '(1, 1)' }), twoFloats));
    expect((await failureOf(more)).message).toContain('should have 4 bytes');
    const huge = folder.write('huge.npy', npyFile(dictionary({ shape: '(99999999999, 99999)' }), twoFloats));
    expect((await failureOf(huge)).message).toContain('but has 8.');
  });

  it('names what else was given', async () => {
    expect((await failureOf(folder.write('vectors.npz', 'PK\x03\x04 and so on'))).hint).toContain('numpy.save ');
    expect((await failureOf(folder.write('text.npy', '{"instruction": "…"}'))).message).toContain(
      'is not a .npy file.',
    );
    expect((await failureOf(folder.write('new.npy', npyFile(dictionary(), twoFloats, 4)))).message).toContain(
      'version 4',
    );
    expect((await failureOf(folder.file('nowhere.npy'))).message).toContain('does not exist.');
    expect((await failureOf(folder.path)).message).toContain('is not a regular file.');
  });
});
