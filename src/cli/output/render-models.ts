import { formatUsd } from '../../domain/money.ts';
import type { ListedModel, ModelList } from '../../runs/check/list-models.ts';
import { formatCount, plural } from './format.ts';
import { safeLine } from './safe-text.ts';
import { type Column, renderTable } from './table.ts';

const LONGEST_PLACE = 200;

const COLUMNS: readonly Column<ListedModel>[] = [
  { title: 'model', value: ({ name }) => name, shrinksTo: 24 },
  {
    title: 'context',
    value: ({ contextTokens }) => (contextTokens === null ? '?' : formatCount(contextTokens)),
    align: 'right',
  },
  { title: '$ per million in/out', value: priceOf, align: 'right' },
  {
    title: 'not confirmed',
    value: ({ unconfirmed }) => (unconfirmed === null ? '' : `price of ${unconfirmed}`),
    hiddenIfAll: '',
  },
  { title: 'JSON schema', value: ({ structured }) => said(structured) },
  { title: 'log-probs', value: ({ logprobs }) => said(logprobs) },
  { title: 'batches', value: ({ batches }) => said(batches) },
  { title: 'retired', value: ({ retired }) => retired ?? '', hiddenIfAll: '' },
];

/** What a server offers, as a table. @param costMicroUsd of trying one model */
export function renderModels(
  { provider, address, models }: ModelList,
  { width, costMicroUsd }: { readonly width: number; readonly costMicroUsd: number | undefined },
): string {
  const where = safeLine(address === null ? provider : `${provider} at ${address}`, LONGEST_PLACE);
  const spent = costMicroUsd === undefined ? '' : `Spent ${formatUsd(costMicroUsd)}.\n`;
  if (models === null && address === null) return `${where} runs here: it has no server to ask.\n`;
  if (models === null) {
    return `${where} does not list its models. Name one: --model <name> --try\n${spent}`;
  }
  if (models.length === 0) return `No matching models of ${where}.\n${spent}`;
  return `${plural(models.length, 'model')} of ${where}\n\n${renderTable(COLUMNS, models, width)}\n${spent}`;
}

function priceOf({ price }: ListedModel): string {
  if (price === null) return '?';
  if (price.input === 0 && price.output === 0) return 'free';
  return `${formatUsd(price.input).slice(1)} / ${formatUsd(price.output).slice(1)}`;
}

function said(works: boolean | null): string {
  if (works === null) return '?';
  return works ? 'yes' : 'no';
}
