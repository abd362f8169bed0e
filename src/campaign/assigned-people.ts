import type { Instruction } from '../domain/instruction.ts';
import { isWanted, parseConstraints } from '../selection/constraints/constraints.ts';
import { type AssignRule, rulesByWhere } from './config/assign-config.ts';

/** For no one in particular. */
const EVERYONE: readonly string[] = [];

/**
 * Who may be given each item of a round, by `labels.assign`: names in the form of `annotatorName`, empty for everyone. The
 * rules whose `where` matches first share the item's group: each item goes to the rule that is furthest behind its share,
 * so shares hold over any part of the round. Ties go to the first rule. O(items · rules).
 * @param items of one round, in order of rank: the same items are always assigned alike
 */
export function assignedPeople(items: readonly Instruction[], rules: readonly AssignRule[]): (readonly string[])[] {
  const groups = [...rulesByWhere(rules).values()].map((group) => new ShareOut(group));
  return items.map((item) => groups.find((group) => group.includes(item))?.next() ?? EVERYONE);
}

/** Shares items out among rules with the same `where`. */
class ShareOut {
  readonly #where: ReturnType<typeof parseConstraints>['where'];
  /** The last part is for everyone. */
  readonly #parts: { readonly people: readonly string[]; readonly share: number; given: number }[];
  #items = 0;

  constructor(rules: readonly AssignRule[]) {
    this.#where = parseConstraints({ where: rules[0]!.where }).where;
    const left = Math.max(0, 1 - rules.reduce((sum, { share }) => sum + (share ?? 0), 0));
    const sharing = rules.filter(({ share }) => share === undefined).length;
    const parts = rules.map(({ to, share = left / sharing }) => ({ people: to.map(composed), share, given: 0 }));
    this.#parts = [...parts, { people: EVERYONE, share: sharing > 0 ? 0 : left, given: 0 }];
  }

  includes(item: Instruction): boolean {
    return isWanted(item, this.#where);
  }

  next(): readonly string[] {
    this.#items += 1;
    const behind = ({ share, given }: { share: number; given: number }) => share * this.#items - given;
    const part = this.#parts.reduce((most, one) => (behind(one) > behind(most) + 1e-9 ? one : most));
    part.given += 1;
    return part.people;
  }
}

function composed(name: string): string {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim();
}
