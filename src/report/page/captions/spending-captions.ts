import type { MicroUsd } from '../../../domain/money.ts';
import type { SpendingFigures } from '../../report-data.ts';
import { dollars, joinWithAnd, percent, plural } from '../components/format.ts';

const KINDS: Readonly<Record<string, string>> = {
  choose: 'choosing',
  'judge-necessity': 'judging answers',
  'judge-quality': 'judging instructions',
  answer: 'model answers',
  embed: 'embedding',
  labels: 'labels',
  training: 'training',
};

/** The name of a kind of cost. */
export function kindName(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** What each kind cost in all rounds, reserved money included; the most expensive first. */
export function totalsByKind({ byKindAndRound }: SpendingFigures): { kind: string; microUsd: MicroUsd }[] {
  const totals = new Map<string, MicroUsd>();
  for (const { kind, settledMicroUsd, reservedMicroUsd } of byKindAndRound)
    totals.set(kind, (totals.get(kind) ?? 0) + settledMicroUsd + reservedMicroUsd);
  return [...totals].map(([kind, microUsd]) => ({ kind, microUsd })).sort((a, b) => b.microUsd - a.microUsd);
}

/** What the money was spent on. */
export function costCaption(figures: SpendingFigures): string {
  const totals = totalsByKind(figures).filter(({ microUsd }) => microUsd > 0);
  const all = totals.reduce((sum, { microUsd }) => sum + microUsd, 0);
  if (all === 0) return 'Nothing has been spent or set aside.';
  const spent = `${dollars(all)} was spent or set aside`;
  if (totals.length === 1) return `${spent}, all of it for ${kindName(totals[0]!.kind)}.`;
  const parts = totals.slice(0, 3).map(({ kind, microUsd }) => `${percent(microUsd / all)} for ${kindName(kind)}`);
  if (totals.length <= 3) return `${spent}: ${joinWithAnd(parts)}.`;
  return `${spent}: ${parts.join(', ')} and the rest for other things.`;
}

/** What one useful label cost, all costs included. */
export function labelCostCaption({ perUsefulLabel, accounts }: SpendingFigures): string {
  const priced = perUsefulLabel.filter(({ microUsdPerLabel }) => microUsdPerLabel !== null);
  const [first, last] = [priced[0], priced.at(-1)];
  if (first === undefined || last === undefined) return 'There is no label to train on yet.';
  const isSetAside = accounts.some(({ reservedMicroUsd }) => reservedMicroUsd > 0);
  const cost = `A useful label cost ${dollars(last.microUsdPerLabel)}: ${dollars(last.spentMicroUsd)} for ${plural(last.usefulLabels, 'label')}, ${costBasis(isSetAside)}.`;
  return first === last
    ? cost
    : `${cost} At the end of round ${first.round} it was ${dollars(first.microUsdPerLabel)}.`;
}

/** What the cost of a label includes. Money that is set aside may be for labels that are still to come. */
export function costBasis(isSetAside: boolean): string {
  return isSetAside ? 'without money set aside' : 'all costs included';
}
