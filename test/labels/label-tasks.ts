import type { LabelTask } from '../../src/domain/label.ts';
import type { DecodedLabels } from '../../src/labels/label-file.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES } from '../../src/labels/registry.ts';
import { TASKS } from '../../src/testing/label-tasks.ts';

/** An annotation of which the tool says no more than the response. */
export const UNSAID = { annotator: null, seconds: null, submittedAtMs: null, sourceId: null };

/** Reads a file as a user would: under the tool's name. */
export function decode(tool: string, content: string, name = `labels${BRIDGES.find(tool).extension}`): DecodedLabels {
  const { annotations, ...decoded } = BRIDGES.find(tool).decode(readLabelFile(content, name));
  // Where it stands in the file, and beside which text, is tested by itself.
  return { ...decoded, annotations: annotations.map(({ place: _, shown: __, ...annotation }) => annotation) };
}

/** Of a record handed out, the way a tool's own code sees it. */
export type Json = Record<string, unknown>;

/** The records of a file handed out, to be edited as the tool would. */
export function handedOut(tool: string, tasks: readonly LabelTask[] = TASKS): Json[] {
  const content = BRIDGES.find(tool).encode(tasks);
  return tool === 'label-studio' || tool === 'argilla'
    ? (JSON.parse(content) as Json[])
    : content
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Json);
}

export const jsonLines = (records: readonly unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
