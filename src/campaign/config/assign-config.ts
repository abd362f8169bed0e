import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import { share, text } from '../../domain/option-values.ts';
import { parseConstraints } from '../../selection/constraints/constraints.ts';

const rule = z.strictObject({
  to: z.array(text).min(1).describe('names of people'),
  where: z.array(text).default([]).describe('only items whose field has one of the values, such as language=de,at'),
  share: share.optional().describe('of these items; by default what no other rule with the same where takes'),
});
/** Items that only certain people are given. */
export type AssignRule = Readonly<z.output<typeof rule>>;

/** `labels.assign`. */
export const assign = z
  .array(rule)
  .default([])
  .describe(
    'who is given which items on the page of winnow annotate: the first rule whose where matches counts, and items of no rule are for everyone',
  )
  .superRefine((rules, context) => {
    for (const [index, { where }] of rules.entries()) {
      try {
        parseConstraints({ where });
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        context.addIssue({ code: 'custom', path: [index, 'where'], message: error.message });
      }
    }
    for (const group of rulesByWhere(rules).values()) {
      const total = group.reduce((sum, { share: one }) => sum + (one ?? 0), 0);
      if (total > 1 + 1e-9) context.addIssue({ code: 'custom', path: [], message: 'has shares of more than 1' });
    }
  });

/** Rules by what they apply to, in the order of the first of each. */
export function rulesByWhere(rules: readonly AssignRule[]): Map<string, AssignRule[]> {
  const groups = new Map<string, AssignRule[]>();
  for (const one of rules) {
    const key = JSON.stringify(one.where);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}
