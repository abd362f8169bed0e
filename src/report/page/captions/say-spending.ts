import type { MicroUsd } from '../../../domain/money.ts';
import type { SpendingFigures } from '../../report-data.ts';
import { dollars, listed, percent, plural } from '../components/wording.ts';

const KINDS: Readonly<Record<string, string>> = {
  choose: 'choosing',
  'judge-necessity': 'judging answers',
  'judge-quality': 'judging instructions',
  answer: 'the model’s answers',
  embed: 'embedding',
  labels: 'labels',
  training: 'training',
};

/** What a kind of cost is called. */
export function kindName(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** What of each kind was spent or set aside in all rounds, the most expensive first. */
export function totalsByKind({ byKindAndRound }: SpendingFigures): { kind: string; microUsd: MicroUsd }[] {
  const totals = new Map<string, MicroUsd>();
  for (const { kind, settledMicroUsd, reservedMicroUsd } of byKindAndRound)
    totals.set(kind, (totals.get(kind) ?? 0) + settledMicroUsd + reservedMicroUsd);
  return [...totals].map(([kind, microUsd]) => ({ kind, microUsd })).sort((a, b) => b.microUsd - a.microUsd);
}

/** Where the money went. */
export function sayCosts(figures: SpendingFigures): string {
  const totals = totalsByKind(figures).filter(({ microUsd }) => microUsd > 0);
  const all = totals.reduce((sum, { microUsd }) => sum + microUsd, 0);
  if (all === 0) return 'Nothing has been spent or set aside.';
  if (totals.length === 1) return `${dollars(all)} spent or set aside, all of it for ${kindName(totals[0]!.kind)}.`;
  const parts = totals.slice(0, 3).map(({ kind, microUsd }) => `${percent(microUsd / all)} for ${kindName(kind)}`);
  const rest = totals.length > 3 ? ' and the rest for other things' : '';
  return `${dollars(all)} spent or set aside: ${rest ? parts.join(', ') : listed(parts)}${rest}.`;
}

/** What a label that can be trained on came to, everything counted. */
export function sayPerLabel({ perUsefulLabel, accounts }: SpendingFigures): string {
  const priced = perUsefulLabel.filter(({ microUsdPerLabel }) => microUsdPerLabel !== null);
  const [first, last] = [priced[0], priced.at(-1)];
  if (first === undefined || last === undefined) return 'There is no label to train on yet.';
  const isSetAside = accounts.some(({ reservedMicroUsd }) => reservedMicroUsd > 0);
  const price = `A label that can be trained on has cost ${dollars(last.microUsdPerLabel)}, ${whatIsCounted(isSetAside)}: ${dollars(last.spentMicroUsd)} for ${plural(last.usefulLabels, 'label')}`;
  return first === last
    ? `${price}.`
    : `${price}; by the end of round ${first.round} it was ${dollars(first.microUsdPerLabel)}.`;
}

/** What the cost of a label holds: what is set aside may be for labels that are not there yet. */
export function whatIsCounted(isSetAside: boolean): string {
  return isSetAside ? 'what is set aside not counted' : 'all expenses counted';
}
