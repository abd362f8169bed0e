import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { encodeOnnxModel } from '../../src/math/onnx-model.ts';
import { createOnnxSession, loadOnnxRuntime, onnxRuntimeLoadFailure } from '../../src/math/onnx-runtime.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const moduleUrl = new URL('../../src/math/onnx-runtime.ts', import.meta.url).href;

/** Makes the package unresolvable, as on a machine it was never installed on. */
const withoutRuntime = `
  import { register } from 'node:module';
  const hooks = \`export const resolve = (name, context, next) => {
    if (name === 'onnxruntime-node') throw new Error('no binary for this machine');
    return next(name, context);
  };\`;
  register('data:text/javascript,' + encodeURIComponent(hooks));
`;

describe('loadOnnxRuntime', () => {
  it('gives undefined, and keeps the cause, where the native binary does not load', () => {
    const script = `
      const { loadOnnxRuntime, onnxRuntimeLoadFailure } = await import('${moduleUrl}');
      process.stdout.write(String(await loadOnnxRuntime()) + ': ' + onnxRuntimeLoadFailure().message);
    `;
    const hooks = `data:text/javascript,${encodeURIComponent(withoutRuntime)}`;
    const args = ['--import', 'tsx', '--import', hooks, '--input-type=module', '--eval', script];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('undefined: no binary for this machine');
  });

  it('keeps the runtime from writing to the home folder and from reporting over the network', () => {
    const home = folder.file('home');
    mkdirSync(home);
    const script = `
      const runtime = await (await import('${moduleUrl}')).loadOnnxRuntime();
      await runtime?.InferenceSession.create(Uint8Array.of(1)).catch(() => {});
    `;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    execFileSync(process.execPath, args, { env: { PATH: process.env.PATH, HOME: home, TMPDIR: folder.path } });
    expect(readdirSync(home)).toEqual([]);
  });

  it('gives the same runtime every time it is asked', async () => {
    expect(await loadOnnxRuntime()).toBe(await loadOnnxRuntime());
    expect((await loadOnnxRuntime()) === undefined).toBe(onnxRuntimeLoadFailure() !== undefined);
  });
});

describe('createOnnxSession', async () => {
  const runtime = await loadOnnxRuntime();

  it.skipIf(!runtime)('rejects a model that is none', async () => {
    await expect(createOnnxSession(runtime!, Uint8Array.of(1, 2, 3))).rejects.toThrow(/protobuf/i);
    const unknownOperator = encodeOnnxModel({
      name: 'unknown',
      operatorSet: 17,
      inputs: [{ name: 'x', type: 'float32', dimensions: ['n'] }],
      outputs: [{ name: 'y', type: 'float32', dimensions: ['n'] }],
      initializers: [],
      nodes: [{ operator: 'Winnow', inputs: ['x'], outputs: ['y'] }],
    });
    await expect(createOnnxSession(runtime!, unknownOperator)).rejects.toThrow(/Winnow/);
  });
});

/** taskset and a second core are needed to hold a process to one. */
const canLimit = cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

describe.skipIf(!canLimit)('a process that may use one core of several', () => {
  it('gets one thread, and several where they are asked for', () => {
    const script = `
      const { createOnnxSession } = await import('${moduleUrl}');
      const made = [];
      const runtime = { InferenceSession: { create: async (_, options) => made.push(options.intraOpNumThreads) } };
      await createOnnxSession(runtime, new Uint8Array());
      await createOnnxSession(runtime, new Uint8Array(), { threads: 3 });
      process.stdout.write(made.join(','));
    `;
    const args = ['-c', '0', process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script];
    expect(execFileSync('taskset', args, { encoding: 'utf8' })).toBe('1,3');
  });
});
