import { availableParallelism, cpus } from 'node:os';
import type { InferenceSession } from 'onnxruntime-common';

/** The native runtime, as `onnxruntime-node` exports it. */
export type OnnxRuntime = typeof import('onnxruntime-common');

let runtime: Promise<OnnxRuntime | undefined> | undefined;
let loadFailure: unknown;

/**
 * Loads the native runtime on first use; later calls get the same answer.
 * @returns undefined where there is no binary for this machine, or it does not load (an old libc, say);
 *   `onnxRuntimeLoadFailure` then has the cause
 */
export function loadOnnxRuntime(): Promise<OnnxRuntime | undefined> {
  runtime ??= importRuntime();
  return runtime;
}

async function importRuntime(): Promise<OnnxRuntime | undefined> {
  try {
    const imported = await import('onnxruntime-node');
    // Else the first session warns on stderr of what it found, or not, about the machine.
    imported.env.logLevel = 'error';
    return imported;
  } catch (error) {
    loadFailure = error;
    return undefined;
  }
}

/** Why `loadOnnxRuntime` gave undefined; undefined as long as it did not. */
export function onnxRuntimeLoadFailure(): unknown {
  return loadFailure;
}

/** Options of `createOnnxSession`. */
export interface OnnxSessionOptions {
  /** Threads of one operator, ≥ 1; absent: one per physical core, or per core that this process may use if those are fewer. */
  readonly threads?: number;
}

/**
 * Prepares a model for running: on the CPU, operators one after the other, only errors logged. Threads sleep between
 * runs: by default they spin, which on a busy machine takes as much of the processor as the work itself.
 * Running blocks the event loop; put `setImmediate` between runs if a run is short and there are many.
 * @param model the bytes of an ONNX model, see `encodeOnnxModel`; not needed any more when this resolves
 * @throws Error of the runtime when the model is malformed
 */
export function createOnnxSession(
  { InferenceSession }: OnnxRuntime,
  model: Uint8Array,
  { threads = limitedCores() }: OnnxSessionOptions = {},
): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  });
}

/**
 * The cores of a process that may not use all of them, as in a container or a Slurm job; else undefined. The runtime does not
 * look: its threads would wait for each other there.
 */
function limitedCores(): number | undefined {
  const cores = availableParallelism();
  return cores < cpus().length ? cores : undefined;
}
