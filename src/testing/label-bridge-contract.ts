import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelBridge } from '../labels/label-bridge.ts';
import { readLabelFile } from '../labels/read-label-file.ts';
import { BRIDGES, detectBridge } from '../labels/registry.ts';
import { hostileTasks, PLAIN_TASK, TASKS } from './label-tasks.ts';
import { ALL_THAT_WAS_SAID, WHOLE_CONVERSATION } from './whole-conversation.ts';

/**
 * The tests that every label bridge must pass, as a vitest suite. Needs `fast-check`.
 * @param bridges this bridge and the others, which must not recognize its files. Default: this one and winnow's own.
 */
export function labelBridgeContract(bridge: LabelBridge, bridges = BRIDGES.with(bridge)): void {
  const back = (content: string) => readLabelFile(content, `labels${bridge.extension}`);

  describe(`the label bridge ${bridge.name}`, () => {
    it('is found by its name and describes itself', () => {
      expect(bridges.find(bridge.name)).toBe(bridge);
      expect(bridge.summary).not.toBe('');
      expect(bridge.setup.trim()).not.toBe('');
      if (bridge.source !== undefined) expect(URL.canParse(bridge.source)).toBe(true);
    });

    it('reads every item back untouched, for any pool', () => {
      fc.assert(
        fc.property(hostileTasks, (tasks) => {
          const content = bridge.encode(tasks);
          expect(content.isWellFormed()).toBe(true);
          expect(content.endsWith('\n')).toBe(true);
          expect(bridge.encode(structuredClone(tasks) as typeof tasks)).toBe(content);
          const file = back(content);
          expect(detectBridge(file, bridges)).toBe(bridge);
          expect(bridge.decode(file)).toEqual({ annotations: [], untouched: tasks.map(({ id }) => id), foreign: [] });
        }),
      );
    });

    it('shows all of a conversation, and finds it again', () => {
      const content = bridge.encode([{ ...PLAIN_TASK, ...WHOLE_CONVERSATION }, TASKS[1]!]);
      for (const said of ALL_THAT_WAS_SAID) expect(content).toContain(said);
      const file = back(content);
      expect(detectBridge(file, bridges)).toBe(bridge);
      expect(bridge.decode(file).untouched).toEqual(['it_1', 'it_2']);
    });

    it('writes texts of megabytes', () => {
      const instruction = 'long '.repeat(400_000);
      const content = bridge.encode([{ ...TASKS[1]!, instruction }]);
      expect(content).toContain(instruction);
      expect(bridge.decode(back(content)).untouched).toEqual(['it_2']);
    });

    it('never throws because of the content of a file, and drops no record', () => {
      fc.assert(
        fc.property(fc.array(hostileRecord, { minLength: 1, maxLength: 4 }), (records) => {
          const { annotations, untouched, foreign } = bridge.decode(readLabelFile(JSON.stringify(records), 'a.json'));
          expect(annotations.length + untouched.length + foreign.length).toBeGreaterThanOrEqual(records.length);
          for (const { verdict, response, seconds } of annotations) {
            expect(verdict === 'accepted' || verdict === 'draft').toBe(response !== null);
            expect(response).not.toBe('');
            expect(seconds ?? 0).toBeGreaterThanOrEqual(0);
          }
        }),
        { numRuns: 300 },
      );
    });

    it('reports what the file reader could not read', () => {
      const unreadable = [{ place: 'line 9', cause: 'it is not valid JSON' }];
      expect(bridge.decode({ format: 'jsonl', records: [], unreadable }).foreign).toEqual(unreadable);
    });
  });
}

const KEYS = fc.constantFrom(
  ...['id', 'winnow_id', 'data', 'annotations', 'drafts', 'result', 'response', 'verdict', 'metadata', 'responses'],
  ...['values', 'meta', 'answer', 'user_input', 'text', 'label', 'draft', 'annotation_id', 'lead_time', 'status'],
  ...['response.responses', 'external_id', 'fields', 'completed_by', 'seconds', 'submitted_at', '__proto__'],
);

/** Records with the fields that tools use, holding anything. */
const { record: hostileRecord } = fc.letrec<{ value: unknown; record: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('record'),
  ),
  record: fc.array(fc.tuple(KEYS, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
}));
